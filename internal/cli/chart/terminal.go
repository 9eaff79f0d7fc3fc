package chart

import (
	"math"
	"strings"

	"charm.land/lipgloss/v2"
)

// Paper is what a terminal chart is drawn on.
type Paper struct {
	Width  int  // columns in all, at least 40
	Height int  // rows of the plot, at least 4
	Color  bool // else every series has a letter or a shade
}

// shades are of areas without colours, so that neighbours differ. letters name lines.
var (
	shades  = []rune("█░▓▒+·#:")
	letters = []rune("abcdefghijklmnopqrstuvwxyz")
)

// Terminal draws the figure in lines of at most the paper's width.
func (f *Figure) Terminal(p Paper) []string {
	p.Width, p.Height = max(p.Width, 40), max(p.Height, 4)
	if f.empty() {
		return []string{f.heading(), "nothing to draw"}
	}
	top := f.top()
	marks := ticks(top, max(2, p.Height/3), decimal)
	texts := labels(marks)
	gutter := 0
	for _, t := range texts {
		gutter = max(gutter, len(t))
	}
	plot := p.Width - gutter - 2
	rows := f.rows(p, plot, top)
	out := []string{p.bold(f.heading())}
	labelled := map[int]string{}
	for i, m := range marks {
		labelled[p.Height-1-int(math.Round(m/top*float64(p.Height-1)))] = texts[i]
	}
	for i, row := range rows {
		text, axis := labelled[i], "│"
		if text != "" {
			axis = "┤"
		}
		out = append(out, strings.TrimRight(strings.Repeat(" ", gutter-len(text))+text+" "+axis+row, " "))
	}
	out = append(out, strings.Repeat(" ", gutter+1)+"└"+strings.Repeat("─", max(0, plot-len(f.XUnit)-1))+" "+f.XUnit)
	out = append(out, strings.Repeat(" ", gutter+2)+f.steps(plot))
	return append(out, f.legend(p)...)
}

func (p Paper) bold(text string) string {
	if !p.Color {
		return text
	}
	return lipgloss.NewStyle().Bold(true).Render(text)
}

func (p Paper) paint(i int, text string) string {
	if !p.Color {
		return text
	}
	return lipgloss.NewStyle().Foreground(lipgloss.Color(color(i))).Render(text)
}

// rows are the plot from top to bottom.
func (f *Figure) rows(p Paper, width int, top float64) []string {
	if f.Kind == Areas {
		return f.areas(p, width, top)
	}
	return f.lines(p, width, top)
}

// areas fill each half of a cell with the series that lies at its middle.
func (f *Figure) areas(p Paper, width int, top float64) []string {
	rows := make([]string, p.Height)
	for r := range rows {
		var line strings.Builder
		for c := range width {
			point := float64(c) / float64(max(1, width-1))
			cell := top / float64(p.Height)
			low := float64(p.Height-1-r) * cell
			if p.Color {
				line.WriteString(halves(f.layer(point, low+0.75*cell), f.layer(point, low+0.25*cell)))
			} else if i := f.layer(point, low+0.5*cell); i >= 0 {
				line.WriteRune(shades[i%len(shades)])
			} else {
				line.WriteByte(' ')
			}
		}
		rows[r] = line.String()
	}
	return rows
}

// layer is the series whose area a level lies in, or -1 above all.
func (f *Figure) layer(point, level float64) int {
	sum := 0.0
	for i := range f.Series {
		if sum += f.at(&f.Series[i], point); level < sum {
			return i
		}
	}
	return -1
}

// halves is a cell of two colours.
func halves(upper, lower int) string {
	style := lipgloss.NewStyle()
	switch {
	case upper < 0 && lower < 0:
		return " "
	case upper < 0:
		return style.Foreground(lipgloss.Color(color(lower))).Render("▄")
	case upper == lower || lower < 0:
		return style.Foreground(lipgloss.Color(color(upper))).Render("█")
	}
	return style.Foreground(lipgloss.Color(color(upper))).Background(lipgloss.Color(color(lower))).Render("▀")
}

// dots are the bits of a braille cell, by row and column.
var dots = [4][2]rune{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}

const braille = 0x2800

// lines are drawn in braille dots where colours, or being alone, tell them apart, and in letters elsewhere.
func (f *Figure) lines(p Paper, width int, top float64) []string {
	fine := p.Color || len(f.Series) == 1
	across, down := 1, 1
	if fine {
		across, down = 2, 4
	}
	cells := make([][]rune, p.Height)
	owner := make([][]int, p.Height)
	for r := range cells {
		cells[r], owner[r] = make([]rune, width), make([]int, width)
	}
	for i := range f.Series {
		before := -1
		for x := range width * across {
			v := f.at(&f.Series[i], float64(x)/float64(max(1, width*across-1))) / top
			y := int(math.Round((1 - min(max(v, 0), 1)) * float64(p.Height*down-1)))
			from, to := y, y
			switch { // steep pieces have no holes
			case before > y:
				to = before - 1
			case before >= 0 && before < y:
				from = before + 1
			}
			for d := from; d <= to; d++ {
				r, c := d/down, x/across
				if fine {
					cells[r][c] |= braille | dots[d%down][x%across]
				} else {
					cells[r][c] = letters[i%len(letters)]
				}
				owner[r][c] = i
			}
			before = y
		}
	}
	rows := make([]string, p.Height)
	for r := range rows {
		var line strings.Builder
		for c, mark := range cells[r] {
			if mark == 0 {
				line.WriteByte(' ')
			} else {
				line.WriteString(p.paint(owner[r][c], string(mark)))
			}
		}
		rows[r] = line.String()
	}
	return rows
}

// steps is the line of labels under the x axis. Labels never touch.
func (f *Figure) steps(width int) string {
	line := []rune(strings.Repeat(" ", width))
	last := f.X[len(f.X)-1]
	span := last - f.X[0]
	marks := ticks(last, max(2, width/8), counted)
	texts := labels(marks)
	free := 0
	for i, m := range marks {
		if span <= 0 || m < f.X[0] || m > last {
			continue
		}
		at := int(math.Round((m - f.X[0]) / span * float64(width-1)))
		at = max(0, at-len(texts[i])/2)
		if at >= free && at+len(texts[i]) <= width {
			copy(line[at:], []rune(texts[i]))
			free = at + len(texts[i]) + 1
		}
	}
	return strings.TrimRight(string(line), " ")
}

// legend names the series with their last values, the ones that lie on top first.
func (f *Figure) legend(p Paper) []string {
	var items []string
	for i := range f.Series {
		n := i
		if f.Kind == Areas {
			n = len(f.Series) - 1 - i
		}
		s := &f.Series[n]
		key := "━━"
		switch {
		case f.Kind == Areas && p.Color:
			key = "██"
		case f.Kind == Areas:
			key = strings.Repeat(string(shades[n%len(shades)]), 2)
		case !p.Color && len(f.Series) > 1:
			key = string(letters[n%len(letters)])
		}
		items = append(items, p.paint(n, key)+" "+s.Name+" "+s.latest())
	}
	var out []string
	line := ""
	for _, item := range items {
		if line != "" && lipgloss.Width(line)+3+lipgloss.Width(item) > p.Width {
			out, line = append(out, line), ""
		}
		if line == "" {
			line = "  " + item
		} else {
			line += "   " + item
		}
	}
	return append(out, line)
}
