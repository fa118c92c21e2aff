using System.Collections.Concurrent;
using Grid.TestUtilities.Waiting;
using Microsoft.Extensions.Logging;

namespace Grid.Cluster.Tests.Security;

/// <summary>Keeps every line of warnings and above, and of Grid's own log.</summary>
internal sealed class RecordingLog : ILoggerFactory, ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    /// <summary>Waits until a line holds the text.</summary>
    public Task WaitForAsync(string text) => Eventually.HoldsAsync(
        () => Task.FromResult(_lines.Any(line => line.Contains(text, StringComparison.Ordinal))), $"a log line holds '{text}'",
        TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken, () => Task.FromResult(Text));

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, _lines);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class Recorder(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning || category.StartsWith("Grid.", StringComparison.Ordinal);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)}");
        }
    }
}
