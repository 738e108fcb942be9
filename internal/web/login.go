package web

func (s *Server) loginRoutes() []Route { return nil }
