using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Grid.Cli.Tests.Processes;

/// <summary>Reads the processes of shards from the log.</summary>
internal sealed class PidLog : ILogger
{
    private readonly ConcurrentDictionary<object, int> _pids = new();

    /// <summary>Shards and expert shards that have or had a process; those of several ranks count once.</summary>
    public int Count => _pids.Count;

    /// <summary>Layers whose experts have moved.</summary>
    public int Moves { get; private set; }

    /// <summary>The latest process of a shard of the rank, <c>tp1</c>, or of an expert shard, <c>ep1</c>.</summary>
    public int Of(string shard) => _pids[shard];

    /// <summary>Where its sockets are.</summary>
    public static string FolderOf(int pid)
    {
        var arguments = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
        return arguments[Array.IndexOf(arguments, "--folder") + 1];
    }

    public static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{pid}"]);
        kill.WaitForExit();
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values) return;
        var named = values.ToDictionary(value => value.Key, value => value.Value);
        if (named.ContainsKey("Layer") && named.ContainsKey("After")) Moves++;
        if (named.TryGetValue("Pid", out var pid) && (named.GetValueOrDefault("Shard") ?? named.GetValueOrDefault("Expert")) is { } name)
            _pids[name] = (int)pid!;
    }
}
