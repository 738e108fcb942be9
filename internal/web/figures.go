package web

func (s *Server) figuresRoutes() []Route { return nil }
