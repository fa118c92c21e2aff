using System.Globalization;

namespace Grid.Gateway.Telemetry;

/// <summary>Keeps the latest log lines for <c>grid logs</c>.</summary>
/// <param name="time">The clock that stamps the lines.</param>
/// <param name="capacity">Maximum number of lines.</param>
public sealed class RecentLog(TimeProvider time, int capacity = 5000) : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private long _written;

    /// <summary>Reads the latest lines after a position, oldest first.</summary>
    /// <param name="position">The position after the last read; 0 for the beginning.</param>
    /// <param name="limit">Maximum number of lines.</param>
    /// <returns>The lines, and the position after them.</returns>
    public (string[] Lines, long Position) Read(long position, int limit)
    {
        lock (_gate)
        {
            var fresh = (int)Math.Min(Math.Min(_written - position, _lines.Count), limit);
            return ([.. _lines.Skip(_lines.Count - Math.Max(fresh, 0))], _written);
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held but memory.
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            if (_lines.Count == capacity) _lines.Dequeue();
            _lines.Enqueue(line);
            _written++;
        }
    }

    private string NowText() => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed class Logger(RecentLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var at = log.NowText();
            log.Write(
                exception is null
                    ? $"{at} {logLevel} {category}: {formatter(state, exception)}"
                    : $"{at} {logLevel} {category}: {formatter(state, exception)} {exception.GetType().Name}: {exception.Message}");
        }
    }
}
