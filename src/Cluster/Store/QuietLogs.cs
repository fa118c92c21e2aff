using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Cluster.Store;

/// <summary>Lets only warnings of the embedded server through: it logs a great deal, under names that say little.</summary>
internal sealed class QuietLogs(ILoggerFactory logs) : ILoggerFactory
{
    private const string Arguments = "ArgParser";

    public ILogger CreateLogger(string categoryName) =>
        categoryName == Arguments ? NullLogger.Instance : new Logger(logs.CreateLogger($"Garnet.{categoryName}"));

    public void AddProvider(ILoggerProvider provider) => logs.AddProvider(provider);

    public void Dispose()
    {
        // The factory is the process's.
    }

    private sealed class Logger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
