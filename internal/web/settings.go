package web

func (s *Server) settingsRoutes() []Route { return nil }
