//go:build unix

package cli

import "github.com/charmbracelet/x/termios"

// hush makes a terminal read whole lines and show nothing of them. Interrupts still work.
func hush(fd int) error {
	now, err := termios.GetTermios(fd)
	if err != nil {
		return err
	}
	return termios.SetTermios(fd, uint32(now.Ispeed), uint32(now.Ospeed), nil,
		map[termios.I]bool{termios.ICRNL: true}, nil, nil,
		map[termios.L]bool{termios.ECHO: false, termios.ICANON: true, termios.ISIG: true})
}
