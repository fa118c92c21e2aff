using System.Collections.Concurrent;
using System.Diagnostics;
using Grid.TestUtilities.Waiting;

namespace Grid.TestUtilities.Processes;

/// <summary>The built command as a process of its own, with what it prints.</summary>
public sealed class GridProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _error = [];
    private readonly SemaphoreSlim _news = new(0);
    private readonly TaskCompletionSource _outputEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _cpuTime;

    private GridProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data, _output, _outputEnd);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, _error, _errorEnd);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>Lines of stdout so far.</summary>
    public IReadOnlyCollection<string> OutputLines => _output;

    /// <summary>CPU time so far; of a process that has ended, that when it was last asked.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            try
            {
                return _cpuTime = _process.TotalProcessorTime;
            }
            catch (InvalidOperationException)
            {
                return _cpuTime;
            }
        }
    }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>stdout so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>stderr so far.</summary>
    public string Error => string.Join('\n', _error);

    /// <summary>Starts the command in a folder of its own choice.</summary>
    public static GridProcess Start(IEnumerable<string> arguments, string? folder = null, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "grid"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new GridProcess(start);
    }

    /// <summary>Runs the command to its end, with a text as its input.</summary>
    public static async Task<GridProcess> RunAsync(string line, string input = "", params (string Name, string Value)[] variables)
    {
        var process = Start(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), null, variables);
        await process._process.StandardInput.WriteAsync(input);
        process._process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process;
    }

    /// <summary>Waits for a line of stdout.</summary>
    public Task<string> WaitForOutputAsync(Func<string, bool> wanted) => WaitForAsync(_output, wanted);

    /// <summary>Waits for a line of stderr.</summary>
    public Task<string> WaitForErrorAsync(Func<string, bool> wanted) => WaitForAsync(_error, wanted);

    /// <summary>Sends a signal by name (TERM, INT, KILL, STOP, CONT).</summary>
    public void Signal(string name)
    {
        _ = CpuTime;
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end and all that was printed.</summary>
    public async Task<int> WaitForExitAsync()
    {
        var clock = Stopwatch.StartNew();
        var ended = Task.WhenAll(_process.WaitForExitAsync(), _outputEnd.Task, _errorEnd.Task);
        while (!ended.IsCompleted)
        {
            CheckPatience(clock, "it ends");
            await Task.WhenAny(ended, Task.Delay(Look));
        }

        return ExitCode;
    }

    /// <summary>After the end.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Kills it where it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _news.Dispose();
    }

    private async Task<string> WaitForAsync(ConcurrentQueue<string> lines, Func<string, bool> wanted)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (lines.FirstOrDefault(wanted) is { } line) return line;
            if (_outputEnd.Task.IsCompleted && _errorEnd.Task.IsCompleted)
                throw new InvalidOperationException($"grid ended without the line.\n{Output}\n{Error}");
            CheckPatience(clock, "it prints the line");
            await _news.WaitAsync(Look);
        }
    }

    private void CheckPatience(Stopwatch clock, string what)
    {
        if (clock.Elapsed > BusyMachine.Stretch(Patience))
            throw new TimeoutException($"grid: not within {clock.Elapsed.TotalSeconds:0} s: {what}.\n{Output}\n{Error}");
    }

    private void Take(string? line, ConcurrentQueue<string> lines, TaskCompletionSource end)
    {
        if (line is null) end.TrySetResult();
        else lines.Enqueue(line);
        try
        {
            _news.Release();
        }
        catch (ObjectDisposedException)
        {
            // The last lines of a process that nobody reads any more.
        }
    }
}
