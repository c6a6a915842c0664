package session

import (
	"testing"
	"time"
)

func TestMemoryLine(t *testing.T) {
	for name, test := range map[string]struct {
		status string
		want   int64
		fails  bool
	}{
		"among others": {status: "Name:\tpeer\nVmPeak:\t  999 kB\nVmHWM:\t   18688 kB\nVmRSS:\t 5 kB\n", want: 18688 * 1024},
		"absent":       {status: "Name:\tkthreadd\n", fails: true},
		"not a number": {status: "VmHWM:\t many kB\n", fails: true},
		"other unit":   {status: "VmHWM:\t 18 MB\n", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseMemory([]byte(test.status), "VmHWM:")
			if (err != nil) != test.fails || got != test.want {
				t.Errorf("got %d and error %v, want %d and failing %t", got, err, test.want, test.fails)
			}
		})
	}
}

func TestCPULine(t *testing.T) {
	for name, test := range map[string]struct {
		stat  string
		want  CPU
		fails bool
	}{
		"odd name":     {stat: "7 (a) (b 1 2) S 1 7 7 0 -1 0 0 0 0 0 11 12 13 14 20 0 1", want: CPU{Own: 230 * time.Millisecond, Children: 270 * time.Millisecond}},
		"no name":      {stat: "7 S 1", fails: true},
		"too short":    {stat: "7 (a) S 1 7 7 0 -1 0 0 0 0 0 11 12 13", fails: true},
		"not a number": {stat: "7 (a) S 1 7 7 0 -1 0 0 0 0 0 11 x 13 14", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseCPU([]byte(test.stat))
			if (err != nil) != test.fails || got != test.want {
				t.Errorf("got %v and error %v, want %v and failing %t", got, err, test.want, test.fails)
			}
		})
	}
}
