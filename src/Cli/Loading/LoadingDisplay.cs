using Grid.Abstractions.Units;
using Grid.Cli.CommandLine;
using Grid.Engine;
using Spectre.Console;

namespace Grid.Cli.Loading;

/// <summary>Shows how far a load has come: a bar on a terminal, one line a phase otherwise.</summary>
internal sealed class LoadingDisplay : IProgress<LoadProgress>, IDisposable
{
    private const int BarWidth = 30;

    private readonly IAnsiConsole? _terminal;
    private readonly TextWriter _log;
    private readonly Lock _gate = new();
    private string? _phase;
    private int _percent = -1;

    /// <param name="log">Where lines go: stderr.</param>
    /// <param name="live">Whether that is a terminal that may show bars.</param>
    public LoadingDisplay(TextWriter log, bool live)
    {
        _log = log;
        if (live) _terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(log) });
    }

    public LoadingDisplay(TextWriter log) : this(log, Terminal.ErrorIsLive)
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

    /// <summary>Takes the bar away.</summary>
    public void Dispose()
    {
        if (_terminal is not null && _phase is not null) _terminal.Write(new ControlCode("\r\e[2K"));
    }

    private void ReportLine(LoadProgress value)
    {
        if (value.Phase != _phase) _log.WriteLine(value.Total > 0 ? $"grid: {value.Phase} ({ByteSize.Format(value.Total)})" : $"grid: {value.Phase}");
    }

    private void ReportBar(LoadProgress value, int percent)
    {
        var filled = BarWidth * percent / 100;
        _terminal!.Write(new ControlCode("\r\e[2K"));
        _terminal.Markup($"{Markup.Escape(value.Phase)} [green]{new string('━', filled)}[/][grey]{new string('━', BarWidth - filled)}[/] {percent,3}%");
    }
}
