package server

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// Handler answers HTTP and websocket requests on one path. A request for a name that is not this host's is refused, so that a page
// can't reach the server by a name of its own (DNS rebinding); one that a page sends is refused unless its origin is allowed.
func (s *Server) Handler() http.Handler {
	socket := s.rpc.WebsocketHandler([]string{"*"}) // origins are held here, for both
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.ours(r.Host) {
			http.Error(w, "invalid host specified", http.StatusForbidden)
			return
		}
		origin := r.Header.Get("Origin")
		if origin != "" && !s.allowed(origin) {
			http.Error(w, "origin not allowed", http.StatusForbidden)
			return
		}
		if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			socket.ServeHTTP(w, r)
			return
		}
		if origin != "" {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Vary", "Origin")
		}
		if r.Method == http.MethodOptions && origin != "" {
			w.Header().Set("Access-Control-Allow-Methods", "POST")
			w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
			w.Header().Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		s.rpc.ServeHTTP(w, r)
	})
}

// ours reports whether a request is for this host: an address, localhost, or a name that the options allow.
func (s *Server) ours(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(name, "["), "]"))
	return name == "localhost" || net.ParseIP(name) != nil || slices.Contains(s.options.Hosts, name)
}

func (s *Server) allowed(origin string) bool {
	return slices.ContainsFunc(s.options.Origins, func(o string) bool { return o == "*" || strings.EqualFold(o, origin) })
}
