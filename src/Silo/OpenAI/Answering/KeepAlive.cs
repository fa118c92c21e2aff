using Grid.Engine.Serving;
using Grid.Silo.OpenAI.Responses;

namespace Grid.Silo.OpenAI.Answering;

/// <summary>
/// Writes a heartbeat each quarter of a second in which nothing else was sent: a process that is alive. It carries the engine's progress,
/// which rises within a step too, so that one long step can be told from a stuck engine.
/// </summary>
internal sealed class KeepAlive : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _pings;

    private KeepAlive(EventStream events, IInferenceEngine engine, TimeProvider timeProvider) =>
        _pings = PingAsync(events, engine, timeProvider);

    public static KeepAlive Start(EventStream events, IInferenceEngine engine, TimeProvider timeProvider) =>
        new(events, engine, timeProvider);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pings;
        _stop.Dispose();
    }

    private async Task PingAsync(EventStream events, IInferenceEngine engine, TimeProvider timeProvider)
    {
        using var timer = new PeriodicTimer(Period, timeProvider);
        var sent = events.NumSent;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var (sentNow, status) = (events.NumSent, engine.GetStatus());
                if (sentNow == sent) await events.PingAsync(status.Step + status.Progress);
                sent = sentNow;
            }
        }
        catch (Exception)
        {
            // Stopped, or the gateway has gone, which the events find out.
        }
    }
}
