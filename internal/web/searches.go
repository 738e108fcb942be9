package web

func (s *Server) searchesRoutes() []Route { return nil }
