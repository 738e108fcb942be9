package web

func (s *Server) healthRoutes() []Route { return nil }
