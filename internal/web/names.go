package web

func (s *Server) namesRoutes() []Route { return nil }
