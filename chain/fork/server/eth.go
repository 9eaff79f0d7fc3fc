package server

// ethAPI is served under eth_.
type ethAPI struct{ s *Server }
