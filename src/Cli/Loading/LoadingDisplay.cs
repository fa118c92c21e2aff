using Grid.Engine.Configuration;
using Grid.Hosting.Logging;
using Grid.Primitives.Units;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Grid.Cli.Loading;

/// <summary>Shows how far a load has come: a bar on a terminal, one line of the log a phase otherwise.</summary>
internal sealed class LoadingDisplay : IProgress<LoadProgress>, IDisposable
{
    private const int BarWidth = 30;

    private readonly IAnsiConsole? _terminal;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private string? _phase;
    private int _percent = -1;

    /// <param name="error">The writer of the bar: stderr.</param>
    /// <param name="logger">The log of lines.</param>
    /// <param name="live">Whether stderr is a terminal that may show bars.</param>
    public LoadingDisplay(TextWriter error, ILogger logger, bool live)
    {
        _logger = logger;
        if (live) _terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
    }

    public LoadingDisplay(TextWriter error, ILogger logger) : this(error, logger, Terminal.ErrorIsLive)
    {
    }

    public void Report(LoadProgress value)
    {
        lock (_gate)
        {
            var percent = value.Total > 0 ? (int)(100 * value.Done / value.Total) : 0;
            if (_terminal is null) ReportLine(value);
            else if (value.Phase != _phase || percent != _percent) ReportBar(value, percent);
            (_phase, _percent) = (value.Phase, percent);
        }
    }

    /// <summary>Removes the bar.</summary>
    public void Dispose()
    {
        if (_phase is not null) Clear();
    }

    private void Clear() => _terminal?.Write(new ControlCode("\r\e[2K"));

    private void ReportLine(LoadProgress value)
    {
        if (value.Phase == _phase) return;
        if (value.Total > 0) _logger.SizedLoadPhase(value.Phase, ByteSize.Format(value.Total));
        else _logger.LoadPhase(value.Phase);
    }

    private void ReportBar(LoadProgress value, int percent)
    {
        var filled = BarWidth * percent / 100;
        Clear();
        // A full bar would have the next log line on its own.
        if (percent < 100)
            _terminal!.Markup(
                $"{Markup.Escape(value.Phase)} [green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/] "
                + $"{percent,3}%");
    }
}
