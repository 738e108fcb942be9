package web

func (s *Server) articleRoutes() []Route { return nil }
