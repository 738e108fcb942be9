package web

func (s *Server) outletRoutes() []Route { return nil }
