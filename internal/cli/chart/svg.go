package chart

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Sizes of a panel, in pixels.
const (
	panelWidth  = 520
	panelHeight = 330
	plotLeft    = 58
	plotTop     = 40
	plotWidth   = panelWidth - plotLeft - 20
	plotHeight  = 190
	perLine     = 3 // items of a legend
	lineHeight  = 17
	headHeight  = 58
	columns     = 2
)

// dashes tell lines apart without colours.
var dashes = []string{"none", "7 3", "2 3", "9 3 2 3", "12 4", "4 2", "1 2", "6 2 1 2"}

// SVG writes figures side by side, two in a row, under one title. The file needs nothing else: no script, no font, no style sheet.
func SVG(w io.Writer, title, about string, figures []Figure) error {
	height := headHeight + (len(figures)+columns-1)/columns*panelHeight
	d := drawing{}
	d.put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="title about" `+
		`font-family="system-ui, sans-serif" font-size="12" fill="#24292f">`, columns*panelWidth, height, columns*panelWidth, height)
	d.put(`<title id="title">%s</title>`, escape(title))
	d.put(`<desc id="about">%s</desc>`, escape(about))
	d.put(`<rect width="100%%" height="100%%" fill="#ffffff"/>`)
	d.put(`<text x="20" y="28" font-size="18" font-weight="600">%s</text>`, escape(title))
	d.put(`<text x="20" y="47" fill="#57606a">%s</text>`, escape(about))
	for i := range figures {
		d.put(`<g transform="translate(%d %d)" role="group" aria-label="%s">`,
			i%columns*panelWidth, headHeight+i/columns*panelHeight, escape(figures[i].heading()+": "+figures[i].About))
		d.figure(&figures[i])
		d.put(`</g>`)
	}
	d.put(`</svg>`)
	_, err := io.WriteString(w, d.text.String())
	return err
}

type drawing struct{ text strings.Builder }

func (d *drawing) put(format string, args ...any) {
	fmt.Fprintf(&d.text, format+"\n", args...)
}

func escape(text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(text)) // a builder never fails
	return out.String()
}

func (d *drawing) figure(f *Figure) {
	d.put(`<text x="%d" y="24" font-size="14" font-weight="600">%s</text>`, plotLeft, escape(f.heading()))
	if f.empty() {
		d.put(`<text x="%d" y="%d">nothing to draw</text>`, plotLeft, plotTop+plotHeight/2)
		return
	}
	top := f.top()
	marks := ticks(top, 5, decimal)
	for i, text := range labels(marks) {
		y := level(marks[i], top)
		d.put(`<path d="M%d %.1fH%d" stroke="#d0d7de"/>`, plotLeft, y, plotLeft+plotWidth)
		d.put(`<text x="%d" y="%.1f" text-anchor="end">%s</text>`, plotLeft-7, y+4, text)
	}
	if f.Kind == Areas {
		d.areas(f, top)
	} else {
		d.lines(f, top)
	}
	d.axis(f)
	d.legend(f)
}

func level(v, top float64) float64 { return plotTop + plotHeight*(1-v/top) }

func (f *Figure) place(x float64) float64 {
	first, last := f.X[0], f.X[len(f.X)-1]
	if last <= first {
		return plotLeft
	}
	return plotLeft + plotWidth*(x-first)/(last-first)
}

func (d *drawing) areas(f *Figure, top float64) {
	below := make([]float64, len(f.X))
	for i, s := range f.Series {
		var path strings.Builder
		above := make([]float64, len(f.X))
		for k := range f.X {
			above[k] = below[k] + s.Values[k]
			fmt.Fprintf(&path, "%s%.1f %.1f", letter(k), f.place(f.X[k]), level(above[k], top))
		}
		for k := len(f.X) - 1; k >= 0; k-- {
			fmt.Fprintf(&path, "L%.1f %.1f", f.place(f.X[k]), level(below[k], top))
		}
		d.put(`<path d="%sZ" fill="%s" stroke="#ffffff" stroke-width="0.7"><title>%s</title></path>`, path.String(), color(i), escape(s.Name))
		below = above
	}
}

func (d *drawing) lines(f *Figure, top float64) {
	for i, s := range f.Series {
		var path strings.Builder
		for k := range f.X {
			fmt.Fprintf(&path, "%s%.1f %.1f", letter(k), f.place(f.X[k]), level(s.Values[k], top))
		}
		d.put(`<path d="%s" fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s"><title>%s</title></path>`,
			path.String(), color(i), dashes[i%len(dashes)], escape(s.Name))
	}
}

func letter(k int) string {
	if k == 0 {
		return "M"
	}
	return "L"
}

func (d *drawing) axis(f *Figure) {
	bottom := plotTop + plotHeight
	d.put(`<path d="M%d %dH%d" stroke="#57606a"/>`, plotLeft, bottom, plotLeft+plotWidth)
	marks := ticks(f.X[len(f.X)-1], 8, counted)
	for i, text := range labels(marks) {
		if m := marks[i]; m >= f.X[0] && m <= f.X[len(f.X)-1] {
			d.put(`<path d="M%.1f %dv5" stroke="#57606a"/>`, f.place(m), bottom)
			d.put(`<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, f.place(m), bottom+18, text)
		}
	}
	d.put(`<text x="%d" y="%d" text-anchor="end" fill="#57606a">%s</text>`, plotLeft+plotWidth, bottom+33, escape(f.XUnit))
}

func (d *drawing) legend(f *Figure) {
	for i := range f.Series {
		n := i
		if f.Kind == Areas {
			n = len(f.Series) - 1 - i
		}
		x := plotLeft + i%perLine*(plotWidth/perLine)
		y := plotTop + plotHeight + 50 + i/perLine*lineHeight
		if f.Kind == Areas {
			d.put(`<rect x="%d" y="%d" width="14" height="10" fill="%s"/>`, x, y-9, color(n))
		} else {
			d.put(`<path d="M%d %dh22" stroke="%s" stroke-width="2" stroke-dasharray="%s"/>`, x, y-4, color(n), dashes[n%len(dashes)])
			x += 8
		}
		d.put(`<text x="%d" y="%d">%s</text>`, x+19, y, escape(f.Series[n].Name+" "+f.Series[n].latest()))
	}
}
