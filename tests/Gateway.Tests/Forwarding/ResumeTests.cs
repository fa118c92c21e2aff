using System.Text;
using Grid.Abstractions.Configuration;
using Grid.Gateway.Tests.Fakes;

namespace Grid.Gateway.Tests.Forwarding;

/// <summary>A client whose rank is lost at any byte gets the answer of an unbroken run.</summary>
public sealed class ResumeTests
{
    private static readonly ResumeSpec Quick = ResumeSpec.Default with { StallTimeout = TimeSpan.FromSeconds(1) };

    public static TheoryData<string, string> Requests => new()
    {
        { "/v1/completions", """{"model":"m","prompt":"p","stream":true}""" },
        { "/v1/chat/completions",
            """{"model":"m","messages":[{"role":"user","content":"p"}],"stream":true,"n":3,"stream_options":{"include_usage":true}}""" },
        { "/v1/completions", """{"model":"m","prompt":["p","q"]}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Stream_CutAfterEveryByte_ComesOutWhole(string path, string json)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        var body = System.Text.Json.JsonDocument.Parse(json).RootElement;
        for (var cut = 0; ; cut++)
        {
            bed.Silos[0].Plan = call => call.Resume is null ? new FakePlan { CutAfter = cut, EndsInOrder = cut % 8 != 0 } : FakePlan.Answer;
            bed.SetTable();
            var (status, text) = await bed.PostAsync(path, body);
            Assert.Equal(200, status);
            Assert.True(bed.Silos[0].Calls.TryDequeue(out var first));
            Assert.Equal(FakeModel.Client(first), text);
            if (cut >= Encoding.UTF8.GetByteCount(string.Concat(FakeModel.Events(first, FakePlan.Answer)))) break;
            Assert.True(bed.Silos[1].Calls.TryDequeue(out var second), $"Cut after {cut} bytes: nobody went on.");
            Assert.Equal((first.Seed, first.Created, first.RequestId, 1), (second.Seed, second.Created, second.RequestId, second.Attempt));
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Stream_CutAgainAndAgainWithinLimits_ComesOutWhole(string path, string json)
    {
        // Hand-overs kill nobody: as many as the limit allows.
        await using var bed = await GatewayTestBed.StartAsync(4);
        var body = System.Text.Json.JsonDocument.Parse(json).RootElement;
        foreach (var silo in bed.Silos.Take(3)) silo.Plan = _ => new FakePlan { HandOverAfter = 3 };
        var (status, text) = await bed.PostAsync(path, body);
        Assert.Equal(200, status);
        Assert.Equal(FakeModel.Client(bed.Silos[0].Calls.Single()), text);
        Assert.Equal([0, 1, 2, 3], bed.Silos.Select(silo => silo.Calls.Single().Attempt));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Stream_ThatStalls_GoesOnElsewhere(string path, string json)
    {
        await using var bed = await GatewayTestBed.StartAsync(spec: new GatewaySpec("least-load", null, Quick));
        var body = System.Text.Json.JsonDocument.Parse(json).RootElement;
        bed.Silos[0].Plan = _ => new FakePlan { StallAfter = 600 };
        var (status, text) = await bed.PostAsync(path, body);
        Assert.Equal(200, status);
        Assert.Equal(FakeModel.Client(bed.Silos[0].Calls.Single()), text);
        Assert.NotNull(bed.Silos[1].Calls.Single().Resume);
        await bed.Silos[0].Calls.Single().Aborted.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stream_LostTwiceWithoutTokens_IsPoison()
    {
        await using var bed = await GatewayTestBed.StartAsync(4);
        foreach (var silo in bed.Silos) silo.Plan = _ => new FakePlan { CutAfter = 400, EndsInOrder = true };
        var (status, text) = await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p", stream = true });
        Assert.Equal(200, status);
        Assert.Equal("poison_request", GatewayTestBed.CodeOf(text));
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.Equal(2, bed.Silos.Sum(silo => silo.Calls.Count));
    }

    [Fact]
    public async Task Stream_WhoseProcessDiesWithTwoRanks_MeetsThatDeathOnce()
    {
        await using var bed = await GatewayTestBed.StartAsync(3);
        bed.SetTable(rank => rank.Node == "node-b" ? rank with { Node = "node-a", Url = bed.Silos[0].Url } : rank);
        bed.Silos[0].Plan = _ => new FakePlan { CutAfter = 400, EndsInOrder = true };
        var (status, text) = await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p", stream = true });
        Assert.Equal(200, status);
        Assert.Equal(FakeModel.Client(bed.Silos[0].Calls.Single()), text);
        Assert.NotNull(bed.Silos[2].Calls.Single().Resume);
    }

    [Fact]
    public async Task Request_ThatKillsBeforeItsFirstEvent_IsPoison()
    {
        await using var bed = await GatewayTestBed.StartAsync(4);
        foreach (var silo in bed.Silos) silo.Plan = _ => new FakePlan { CutAfter = 0 };
        var (status, text) = await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p", stream = true });
        Assert.Equal((500, "poison_request"), (status, GatewayTestBed.CodeOf(text)));
        Assert.Equal(2, bed.Silos.Sum(silo => silo.Calls.Count));
    }

    [Fact]
    public async Task Stream_HandedOverBeyondTheLimit_EndsWithAnError()
    {
        await using var bed = await GatewayTestBed.StartAsync(5);
        foreach (var silo in bed.Silos) silo.Plan = _ => new FakePlan { HandOverAfter = 2 };
        var (_, text) = await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p", stream = true });
        Assert.Equal("resume_failed", GatewayTestBed.CodeOf(text));
        Assert.Equal(4, bed.Silos.Sum(silo => silo.Calls.Count));
    }

    [Fact]
    public async Task Resume_WithModeOff_EndsTheStream()
    {
        await using var bed =
            await GatewayTestBed.StartAsync(spec: new GatewaySpec("least-load", null, Quick with { Mode = ResumeMode.Off }));
        bed.Silos[0].Plan = _ => new FakePlan { HandOverAfter = 2 };
        var (_, text) = await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p", stream = true });
        Assert.Equal("resume_failed", GatewayTestBed.CodeOf(text));
    }

    [Theory]
    [InlineData(ResumeMode.Continue, true)]
    [InlineData(ResumeMode.Exact, false)]
    public async Task Resume_WhereOnlyOtherNumericsAre_FollowsTheMode(ResumeMode mode, bool goesOn)
    {
        var spec = new GatewaySpec("least-load", new QueueSpec(10, TimeSpan.FromMilliseconds(300)), Quick with { Mode = mode });
        await using var bed = await GatewayTestBed.StartAsync(spec: spec);
        bed.SetTable(rank => rank with { Numerics = rank.Node });
        bed.Silos[0].Plan = _ => new FakePlan { HandOverAfter = 2 };
        var (_, text) = await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p", stream = true });
        Assert.True(goesOn == text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal), text);
        var metrics = await bed.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal(goesOn, metrics.Contains("grid:gateway_inexact_resumes_total{model_name=\"m\"}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resume_PrefersEqualNumerics_OverLessLoad()
    {
        await using var bed = await GatewayTestBed.StartAsync(3);
        bed.SetTable(rank => rank with { Numerics = rank.Node == "node-b" ? "other" : "same" });
        bed.Silos[0].Plan = _ => new FakePlan { HandOverAfter = 2 };
        await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p", stream = true });
        Assert.Empty(bed.Silos[1].Calls);
        Assert.Single(bed.Silos[2].Calls);
    }

    [Fact]
    public async Task Resume_NeverGoes_ToAnotherRevision()
    {
        var spec = new GatewaySpec("least-load", new QueueSpec(10, TimeSpan.FromMilliseconds(300)), Quick);
        await using var bed = await GatewayTestBed.StartAsync(spec: spec);
        bed.SetTable(rank => rank with { Revision = rank.Node });
        bed.Silos[0].Plan = _ => new FakePlan { HandOverAfter = 2 };
        var (_, text) = await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p", stream = true });
        Assert.Equal("no_ready_replica", GatewayTestBed.CodeOf(text));
        Assert.Empty(bed.Silos[1].Calls);
    }
}
