package session

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// peakMemory reads the high water mark of a process's resident memory, in bytes.
func peakMemory(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("reading the peak memory: %w", err)
	}
	return parseHighWaterMark(status)
}

// parseHighWaterMark finds the line "VmHWM:   1234 kB", whose kB are 1024 bytes.
func parseHighWaterMark(status []byte) (int64, error) {
	for line := range bytes.Lines(status) {
		fields := bytes.Fields(line)
		if len(fields) != 3 || string(fields[0]) != "VmHWM:" || string(fields[2]) != "kB" {
			continue
		}
		kibibytes, err := strconv.ParseInt(string(fields[1]), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("reading the peak memory: %w", err)
		}
		return kibibytes << 10, nil
	}
	return 0, errors.New("reading the peak memory: the process status has no VmHWM line")
}
