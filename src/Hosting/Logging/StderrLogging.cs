using Microsoft.Extensions.Logging.Console;

namespace Grid.Hosting.Logging;

/// <summary>Sends every log line to stderr: stdout is for results.</summary>
public static class StderrLogging
{
    /// <summary>Adds the console on stderr, its form and its filters.</summary>
    public static ILoggingBuilder AddStderr(this ILoggingBuilder builder, bool json)
    {
        builder.ClearProviders();
        builder.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        builder.AddSimpleConsole(simple =>
        {
            simple.SingleLine = true;
            simple.TimestampFormat = "HH:mm:ss ";
            simple.ColorBehavior = Terminal.ErrorIsLive ? LoggerColorBehavior.Default : LoggerColorBehavior.Disabled;
        });
        if (json) builder.AddJsonConsole(form => (form.UseUtcTimestamp, form.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        return builder.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            // Why a server did not start is reported once, by its starter.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("System", LogLevel.Warning)
            // The grid reports what members do; Orleans reports what goes wrong.
            .AddFilter("Orleans", LogLevel.Warning)
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error)
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
            // A silo that stops looks for places that are not there.
            .AddFilter("Orleans.Grain", LogLevel.Critical)
            .AddFilter("Polly", LogLevel.Error);
    }
}
