package session

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

// tick is the kernel's unit of CPU times in /proc, the same on every Linux port that
// Go has.
const tick = 10 * time.Millisecond

// Memory is a process's resident memory in bytes, shared pages included.
type Memory struct {
	Now  int64
	Peak int64
	// Own is what the process has for itself now: heap and stacks, without mapped files.
	Own int64
}

// CPU is what a process and those of its children that it has waited for have used,
// in user and system time.
type CPU struct {
	Own      time.Duration
	Children time.Duration
}

// MemoryOf reads the resident memory of a process. It is known on Linux only.
func MemoryOf(pid int) (Memory, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return Memory{}, fmt.Errorf("reading the memory: %w", err)
	}
	memory := Memory{}
	if memory.Now, err = parseMemory(status, "VmRSS:"); err != nil {
		return Memory{}, err
	}
	if memory.Peak, err = parseMemory(status, "VmHWM:"); err != nil {
		return Memory{}, err
	}
	memory.Own, err = parseMemory(status, "RssAnon:")
	return memory, err
}

// CPUOf reads the CPU time of a process that has not been waited for. It is known on
// Linux only.
func CPUOf(pid int) (CPU, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return CPU{}, fmt.Errorf("reading the CPU time: %w", err)
	}
	return parseCPU(stat)
}

// parseMemory finds a line such as "VmHWM:   1234 kB", whose kB are 1024 bytes.
func parseMemory(status []byte, key string) (int64, error) {
	for line := range bytes.Lines(status) {
		fields := bytes.Fields(line)
		if len(fields) != 3 || string(fields[0]) != key || string(fields[2]) != "kB" {
			continue
		}
		kibibytes, err := strconv.ParseInt(string(fields[1]), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("reading the memory: %w", err)
		}
		return kibibytes << 10, nil
	}
	return 0, fmt.Errorf("reading the memory: the process status has no %s line", key)
}

// parseCPU reads fields 14 to 17 of a stat line. Field 2 is the program's name in
// brackets and may hold anything, so the count starts after the last bracket.
func parseCPU(stat []byte) (CPU, error) {
	end := bytes.LastIndexByte(stat, ')')
	if end < 0 {
		return CPU{}, errors.New("reading the CPU time: the line has no program name")
	}
	const begin = 14 - 3
	fields := bytes.Fields(stat[end+1:])
	if len(fields) < begin+4 {
		return CPU{}, fmt.Errorf("reading the CPU time: %d fields are too few", len(fields))
	}
	var times [4]time.Duration
	for index := range times {
		ticks, err := strconv.ParseInt(string(fields[begin+index]), 10, 64)
		if err != nil {
			return CPU{}, fmt.Errorf("reading the CPU time: %w", err)
		}
		times[index] = time.Duration(ticks) * tick
	}
	return CPU{Own: times[0] + times[1], Children: times[2] + times[3]}, nil
}
