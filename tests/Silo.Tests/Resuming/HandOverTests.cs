using System.Globalization;
using System.Text;
using System.Text.Json;
using Grid.Engine.Simulation;
using Grid.Silo.Ranks;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Silo.Tests.Resuming;

/// <summary>Requests that are handed over while they run.</summary>
public sealed class HandOverTests
{
    private const string Path = "/v1/completions";

    private static readonly SimOptions Slow = SimOptions.Instant with { Step = TimeSpan.FromMilliseconds(2) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, HandOverReason.Drain)]
    [InlineData(false, HandOverReason.Drain)]
    [InlineData(true, HandOverReason.Lost)]
    public async Task HandOver_Running_GoesOnElsewhere(bool stream, HandOverReason reason)
    {
        await using var bed = await ResumeBed.StartAsync(() => SiloTestBed.StartAsync(simulation: Slow));
        var body = Body(stream, maxTokens: 200);
        var running = await ResumeBed.SendAsync(bed.First, Path, body);
        await bed.First.WaitForAsync(status => status.Step > 20);

        var rank = bed.First.Server.Ranks.Ranks.Single();
        Assert.Equal(1, await rank.HandOverAsync(reason).WaitAsync(Cancellation));
        var events = await ResumeBed.EventsAsync(running);

        var state = new GatewayState(Path, body).Take(events);
        Assert.Equal(reason == HandOverReason.Drain ? "drain" : "lost", state.HandOver);
        Assert.DoesNotContain(state.Data, data => data == "[DONE]" || data.Contains("error"));
        await CheckGoesOnAsync(bed, state, body, stream);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EngineEnds_Running_HandsOver(bool stream)
    {
        await using var bed = await ResumeBed.StartAsync(() => SiloTestBed.StartAsync(simulation: Slow));
        var body = Body(stream, maxTokens: 200);
        var running = await ResumeBed.SendAsync(bed.First, Path, body);
        await bed.First.WaitForAsync(status => status.Step > 20);

        await bed.First.Model.DisposeAsync();
        var state = new GatewayState(Path, body).Take(await ResumeBed.EventsAsync(running));

        Assert.Equal("lost", state.HandOver);
        await CheckGoesOnAsync(bed, state, body, stream);
    }

    [Fact]
    public async Task Stop_DeadlineOver_HandsOverAndRefusesToResume()
    {
        await using var bed = await ResumeBed.StartAsync(() => SiloTestBed.StartAsync(simulation: Slow));
        var body = Body(stream: true, maxTokens: 4000);
        var running = await ResumeBed.SendAsync(bed.First, Path, body);
        await bed.First.WaitForAsync(status => status.Step > 5);
        bed.Second.Server.Ranks.SetDraining(true);

        Assert.Equal(1, await bed.First.Server.StopAsync(TimeSpan.FromMilliseconds(1)));

        var state = new GatewayState(Path, body).Take(await ResumeBed.EventsAsync(running));
        Assert.Equal("drain", state.HandOver);
        var (status, error) = await bed.Second.FailAsync("internal/v1/resume", JsonSerializer.Serialize(state.ToResume(1, 1)));
        Assert.Equal((503, "draining"), (status, error.GetProperty("code").GetString()));
        await bed.First.WaitForAsync(status => status is { Running: 0, UsedBlocks: 0 });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Gateway_GoesAway_FreesTheBlocks(bool stream)
    {
        await using var bed = await SiloTestBed.StartAsync(simulation: Slow);
        using (await ResumeBed.SendAsync(bed, Path,
            JsonSerializer.SerializeToElement(new { model = "sim", prompt = "Hello", max_tokens = 8000, n = 3, stream })))
            await bed.WaitForAsync(status => status.Running == 3);

        await bed.WaitForAsync(status => status is { Running: 0, Waiting: 0, UsedBlocks: 0 });
        await bed.Server.Ranks.Ranks.Single().WhenIdle().WaitAsync(Cancellation);
    }

    [Fact]
    public async Task KeepAlive_WaitsBehindOthers_TellsTheEnginesProgress()
    {
        var time = new FakeTimeProvider();
        await using var bed =
            await SiloTestBed.StartAsync(simulation: Slow, engine: options => options with { MaxNumSeqs = 1 }, timeProvider: time);
        using var busy = await ResumeBed.SendAsync(bed, Path, Body(stream: true, maxTokens: 8000));
        await bed.WaitForAsync(status => status.Running == 1);
        using var waiting = await ResumeBed.SendAsync(bed, Path, Body(stream: true, maxTokens: 1));
        await using var stream = await waiting.Content.ReadAsStreamAsync(Cancellation);

        var bytes = new byte[64];
        var last = -1L;
        for (var beat = 0; beat < 3; beat++)
        {
            var read = stream.ReadAsync(bytes, Cancellation).AsTask();
            while (!read.IsCompleted)
            {
                var step = bed.Status.Step;
                await bed.WaitForAsync(status => status.Step > step);
                time.Advance(TimeSpan.FromMilliseconds(250));
            }

            var text = Encoding.ASCII.GetString(bytes, 0, await read);
            Assert.StartsWith(": ping ", text, StringComparison.Ordinal);
            var progress = long.Parse(text.Split("\n\n")[0][": ping ".Length..], CultureInfo.InvariantCulture);
            Assert.True(progress > last);
            last = progress;
        }
    }

    private static JsonElement Body(bool stream, int maxTokens) =>
        JsonSerializer.SerializeToElement(
        new
        {
            model = "sim", prompt = "Hello grid", max_tokens = maxTokens, temperature = 1, logprobs = 1, return_token_ids = true,
            stream
        });

    private static async Task CheckGoesOnAsync(ResumeBed bed, GatewayState state, JsonElement body, bool stream)
    {
        Assert.InRange(state.TokensOf(0).Length, 1, 199);
        var whole = new GatewayState(Path, body).Take(await ResumeBed.EventsAsync(await ResumeBed.SendAsync(bed.Second, Path, body)));
        state.Take(await ResumeBed.ResumeAsync(bed.Second, state.ToResume(1, 1)));
        Assert.Equal(whole.TokensOf(0), state.TokensOf(0));
        Assert.Equal(Summary.Of(whole.Data, stream, withCachedTokens: false), Summary.Of(state.Data, stream, withCachedTokens: false));
        await bed.Second.WaitForAsync(status => status is { Running: 0, UsedBlocks: 0 });
    }
}
