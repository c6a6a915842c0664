package session

import "testing"

func TestHighWaterMark(t *testing.T) {
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
			got, err := parseHighWaterMark([]byte(test.status))
			if (err != nil) != test.fails || got != test.want {
				t.Errorf("got %d and error %v, want %d and failing %t", got, err, test.want, test.fails)
			}
		})
	}
}
