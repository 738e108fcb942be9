package web

func (s *Server) collectionsRoutes() []Route { return nil }
