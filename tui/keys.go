package tui

import "charm.land/bubbles/v2/key"

// keyMap is every key of the screen. Help is generated from it.
type keyMap struct {
	Send, Newline, Review, Stop, Quit, Leave, Copy, Help, Up, Down key.Binding
	Sign, Decline, Later, Raw, Submit, Cancel, Scroll              key.Binding
}

func newKeys() keyMap {
	bind := func(label, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(label, what))
	}
	return keyMap{
		Send:    bind("enter", "run", "enter"),
		Newline: bind("alt+enter", "new line", "alt+enter", "ctrl+j"),
		Review:  bind("tab", "review", "tab", "ctrl+o"),
		Stop:    bind("esc", "stop", "esc"),
		Quit:    bind("ctrl+c", "stop, quit", "ctrl+c"),
		Leave:   bind("ctrl+d", "quit", "ctrl+d"),
		Copy:    bind("ctrl+y", "copy last hash or address", "ctrl+y"),
		Help:    bind("?", "help", "?", "f1"),
		Up:      bind("pgup", "scroll up", "pgup"),
		Down:    bind("pgdown", "scroll down", "pgdown"),
		Sign:    bind("enter", "sign", "enter"),
		Decline: bind("esc", "decline", "esc", "ctrl+c"),
		Later:   bind("tab", "later", "tab", "ctrl+o"),
		Raw:     bind("ctrl+r", "raw", "ctrl+r"),
		Scroll:  bind("pgup/pgdn", "scroll", "up", "down", "pgup", "pgdown"),
		Submit:  bind("enter", "give", "enter"),
		Cancel:  bind("esc", "give none", "esc", "ctrl+c"),
	}
}

// group is a set of bindings as help wants it.
type group [][]key.Binding

func (g group) ShortHelp() []key.Binding {
	var flat []key.Binding
	for _, column := range g {
		flat = append(flat, column...)
	}
	return flat
}

func (g group) FullHelp() [][]key.Binding { return g }

func (k keyMap) composing() group { return group{{k.Send, k.Review, k.Stop, k.Quit, k.Help}} }

func (k keyMap) approving() group { return group{{k.Sign, k.Decline, k.Later, k.Raw, k.Scroll}} }

func (k keyMap) answering() group { return group{{k.Submit, k.Cancel}} }

func (k keyMap) all() group {
	return group{{k.Send, k.Newline, k.Review, k.Stop, k.Quit, k.Leave, k.Copy, k.Up, k.Down, k.Help}}
}
