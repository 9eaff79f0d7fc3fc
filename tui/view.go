package tui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/keymaker-agent/keymaker/internal/cli/show"
)

// View draws the screen.
func (m *model) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.ReportFocus = true
	v.WindowTitle = "keymaker"
	if !m.NoMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if m.quitting || m.width == 0 {
		return v
	}
	lines, cursor := m.lines()
	v.Content = strings.Join(lines, "\n")
	v.Cursor = cursor
	return v
}

func (m *model) lines() ([]string, *tea.Cursor) {
	switch {
	case m.tooSmall():
		return []string{m.tooSmallLine()}, nil
	case m.approval != nil && m.approval.shown:
		lines := append([]string{m.header()}, m.approval.view(m.styles, m.Names, m.Now(), m.width, m.height-2)...)
		return append(lines, m.hints(m.keys.approving())), nil
	case m.password != nil:
		return m.frame(m.password.view(m.styles, m.Now(), m.width)), nil
	}
	return m.conversation()
}

func (m *model) tooSmallLine() string {
	short := fmt.Sprintf("needs %dx%d", minWidth, minHeight)
	line := "too small, " + short
	if m.waiting != nil {
		line = short + "; a request waits"
	}
	if lipgloss.Width(line) <= m.width {
		return line
	}
	return fit(short, m.width)
}

// frame fills a dialog up to the height of the screen.
func (m *model) frame(body []string) []string {
	lines := append([]string{m.header(), ""}, body...)
	for len(lines) < m.height-1 {
		lines = append(lines, "")
	}
	return append(lines, m.hints(m.keys.answering()))
}

func (m *model) conversation() ([]string, *tea.Cursor) {
	body := m.transcript.view.View()
	if m.helping {
		body = lipgloss.Place(m.width, m.transcript.view.Height(), lipgloss.Left, lipgloss.Top, m.help.FullHelpView(m.keys.all()))
	}
	lines := append([]string{m.header()}, strings.Split(body, "\n")...)
	lines = append(lines, m.status())
	if m.question != nil && m.question.shown {
		lines = append(lines, m.question.view(m.styles, m.Now(), m.width))
		for range m.composer.Height() - 1 {
			lines = append(lines, "")
		}
		return append(lines, m.hints(m.keys.answering())), nil
	}
	cursor := m.composer.Cursor()
	if cursor != nil {
		cursor.Y += len(lines)
	}
	lines = append(lines, strings.Split(m.composer.View(), "\n")...)
	return append(lines, m.hints(m.keys.composing())), cursor
}

func (m *model) hints(g group) string { return fit(m.help.ShortHelpView(g.ShortHelp()), m.width) }

// header names the network, what its money is worth, and the account.
func (m *model) header() string {
	money := m.styles.money(m.Network.Real).Render(show.Money(m.Network))
	parts := []string{m.styles.header.Render(strings.TrimSpace("keymaker " + m.Version)), show.Sanitize(m.Network.Name), money}
	if m.DryRun {
		parts = append(parts, m.styles.good.Render("DRY RUN"))
	}
	for _, account := range []string{m.Account.Hex(), m.Account.Hex()[:8] + "…" + m.Account.Hex()[36:]} {
		line := strings.Join(append(parts, account), " · ")
		if lipgloss.Width(line) <= m.width {
			return line
		}
	}
	return fit(strings.Join(parts[1:], " · "), m.width)
}

func (m *model) status() string {
	s := m.styles
	switch {
	case m.notice != "":
		return s.warn.Render(fit(m.notice, m.width))
	case m.approval != nil:
		return s.warn.Render(fit("APPROVAL WAITS: tab opens it · "+show.Sanitize(m.approval.p.Title), m.width))
	case m.question != nil && !m.question.shown:
		return s.warn.Render(fit("QUESTION WAITS: tab opens it", m.width))
	case m.question != nil:
		return s.warn.Render(fit(show.Sanitize(m.question.q.Text), m.width))
	case m.stopping:
		return s.muted.Render("stopping")
	case m.stop != nil:
		text := fmt.Sprintf("working, %s", m.Now().Sub(m.began).Truncate(time.Second))
		if m.progress != "" {
			text += ": " + m.progress
		}
		return s.muted.Render(fit(text, m.width))
	case !m.transcript.view.AtBottom():
		return s.muted.Render("more below: pgdown")
	}
	return ""
}

// fit cuts a styled line to the width.
func fit(line string, width int) string { return ansi.Truncate(line, max(0, width), "…") }
