package web

func (s *Server) outletsRoutes() []Route { return nil }
