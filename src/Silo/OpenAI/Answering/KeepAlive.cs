using Grid.Engine.Serving;
using Grid.Silo.OpenAI.Responses;

namespace Grid.Silo.OpenAI.Answering;

/// <summary>
/// Writes a comment each second in which nothing else was sent, but only while the engine makes steps: a stuck one must be seen to be
/// stuck.
/// </summary>
internal sealed class KeepAlive : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

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
        var (step, sent) = (engine.GetStatus().Step, events.NumSent);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var (stepNow, sentNow) = (engine.GetStatus().Step, events.NumSent);
                if (stepNow != step && sentNow == sent) await events.PingAsync();
                (step, sent) = (stepNow, sentNow);
            }
        }
        catch (Exception)
        {
            // Stopped, or the gateway has gone, which the events find out.
        }
    }
}
