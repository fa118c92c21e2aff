using Grid.Engine.Requests;
using Grid.Engine.Sampling;

namespace Grid.Engine.Tests.Sampling;

public sealed class SamplerTests
{
    private static readonly float[] s_logits = [1, 3, 3, 2, -1];

    [Theory]
    [InlineData(0)]
    [InlineData(0.9e-5)]
    public void Sample_GreedyWithTies_TakesTheLowestId(double temperature) =>
        Assert.Equal(1, Sample(s_logits, new() { Temperature = temperature }));

    [Fact]
    public void Sample_WithASeed_DrawsTheFirstIdBeyondTheUniformNumber()
    {
        // u of seed 42, output token 3, choice 1 is 0.5393...: four equal ids leave it in the third quarter.
        var request = Request(new() { Seed = 42 }) with { Choice = 1, ReplayedTokenIds = [0, 0, 0] };
        Assert.Equal(2, new Sampler(4).Sample([5f, 5f, 5f, 5f], new SamplingState(request)));
        Assert.Equal(3, new Sampler(5).Sample([5f, float.NegativeInfinity, 5f, 5f, 5f], new SamplingState(request)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Sample_LogitThatIsNoNumber_Throws(float broken)
    {
        foreach (var place in new[] { 0, 17, 39 })
            foreach (var temperature in new[] { 0.0, 1.0 })
            {
                var logits = new float[40];
                logits[place] = broken;
                Assert.Contains("finite",
                    Assert.Throws<InvalidLogitsException>(() => Sample(logits, new() { Temperature = temperature })).Message,
                    StringComparison.Ordinal);
            }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Sample_NothingLeft_Throws(double temperature)
    {
        var error = Assert.Throws<InvalidLogitsException>(
            () => Sample([float.NegativeInfinity, 1f], new() { Temperature = temperature, AllowedTokenIds = [0] }));
        Assert.Contains("allowed_token_ids", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_RowOfAnotherLength_Throws() =>
        Assert.Throws<ArgumentException>(() => new Sampler(4).Sample(s_logits, new SamplingState(Request(new()))));

    [Fact]
    public void Sample_LogitBias_IsAdded() =>
        Assert.Equal(4,
        Sample(s_logits, new() { Temperature = 0, LogitBias = new Dictionary<int, float> { [4] = 100, [1] = -100, [99] = 5 } }));

    [Fact]
    public void Sample_AllowedTokenIds_BanAllOthers() =>
        Assert.Equal(3, Sample(s_logits, new() { Temperature = 0, AllowedTokenIds = [4, 3, 99] }));

    [Fact]
    public void Sample_BadWords_BanTheirLastIdAfterTheOthers()
    {
        var request = Request(new() { Temperature = 0 }) with { BadWordsTokenIds = [[1], [4, 0, 2], []] };
        var state = new SamplingState(request);
        Assert.Equal(2, Draw(state));
        state.Append(4);
        Assert.Equal(2, Draw(state));
        state.Append(0);
        Assert.Equal(3, Draw(state));
        state.Append(3);
        Assert.Equal(2, Draw(state));
        Assert.Equal(3, Draw(new SamplingState(request, [3, 4, 0])));
    }

    [Fact]
    public void Sample_BeforeMinTokens_NeitherEosNorStopIds()
    {
        var state = new SamplingState(Request(new() { Temperature = 0, MinTokens = 2, StopTokenIds = [1] }) with { EosTokenIds = [2] });
        Assert.Equal(3, Draw(state));
        state.Append(3);
        Assert.Equal(3, Draw(state));
        state.Append(3);
        Assert.Equal(1, Draw(state));
    }

    [Fact]
    public void Sample_Penalties_CountTheOutputAndForRepetitionThePrompt()
    {
        Assert.Equal(3, Draw(new SamplingState(Request(new() { Temperature = 0, RepetitionPenalty = 2 }, prompt: [1, 2]))));
        Assert.Equal(1, Draw(new SamplingState(Request(new() { Temperature = 0, PresencePenalty = 2 }, prompt: [1, 2]))));
        Assert.Equal(3, Draw(new SamplingState(Request(new() { Temperature = 0, FrequencyPenalty = 0.6 }), [1, 1, 2, 2])));
        Assert.Equal(1, Draw(new SamplingState(Request(new() { Temperature = 0, FrequencyPenalty = 0.4 }), [1, 1, 2, 2])));
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    public void Sample_ExtremeRepetitionPenalty_StillDraws(double penalty)
    {
        var state = new SamplingState(Request(new() { Temperature = 0.1, RepetitionPenalty = penalty, Seed = 1 }, prompt: [0, 1, 2]));
        float[] logits = [0, 30, -30, 2];
        Assert.Equal(penalty < 1 ? 1 : 3, new Sampler(logits.Length).Sample(logits, state));
    }

    [Fact]
    public void Probabilities_OfAGrownState_AreThoseOfARebuiltOne()
    {
        var random = new Random(7);
        var request = Request(
            new() { RepetitionPenalty = 1.3, FrequencyPenalty = 0.2, PresencePenalty = -0.3, MinTokens = 20, StopTokenIds = [6] },
            prompt: [1, 5, 9]) with
        { BadWordsTokenIds = [[1, 2], [3, 4, 5], [8]], ReplayedTokenIds = [3, 4] };
        var sampler = new Sampler(64);
        var grown = new SamplingState(request);
        List<int> output = [.. request.ReplayedTokenIds];
        for (var step = 0; step < 40; step++)
        {
            float[] logits = [.. Enumerable.Range(0, 64).Select(_ => (float)(random.NextDouble() * 8 - 4))];
            var rebuilt = new SamplingState(request, output.ToArray());
            Assert.Equal(sampler.Probabilities(logits, rebuilt), sampler.Probabilities(logits, grown));
            var token = sampler.Sample(logits, grown);
            Assert.Equal(token, sampler.Sample(logits, rebuilt));
            grown.Append(token);
            output.Add(token);
        }
    }

    [Fact]
    public void Sample_OneLikelyIdAmongBannedOnes_IsDrawnWithEverySeed()
    {
        var logits = new float[3000];
        Array.Fill(logits, float.NegativeInfinity);
        (logits[2047], logits[2999]) = (5, -800);
        for (var seed = 0; seed < 50; seed++) Assert.Equal(2047, Sample(logits, new() { Seed = seed }));
    }

    [Theory]
    [InlineData(1, 0, 0, 1.0)]
    [InlineData(0, 0, 0, 1.0)]
    [InlineData(1, 50, 0.05, 0.9)]
    [InlineData(1, 0, 0, 0.95)]
    public void Sample_InALoop_AllocatesNothing(double temperature, int topK, double minP, double topP)
    {
        var random = new Random(3);
        float[] logits = [.. Enumerable.Range(0, 20_000).Select(_ => (float)(random.NextDouble() * 20))];
        var sampler = new Sampler(logits.Length);
        var state = new SamplingState(Request(new()
        {
            Temperature = temperature, TopK = topK, MinP = minP, TopP = topP, RepetitionPenalty = 1.1, Seed = 5, MaxTokens = 600,
            LogitBias = new Dictionary<int, float> { [3] = 1 }, MinTokens = 5, StopTokenIds = [4],
        }));
        // What the runtime allocates once, when it compiles a method anew, may fall into any of them.
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var step = 0; step < 100; step++) state.Append(sampler.Sample(logits, state));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void State_WithoutASeed_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new SamplingState(new() { Id = "r", PromptTokenIds = [1], Sampling = new() }));

    private static int Draw(SamplingState state) => new Sampler(s_logits.Length).Sample(s_logits, state, state.AllowedTokens);

    private static int Sample(float[] logits, SamplingParams sampling)
    {
        var state = new SamplingState(Request(sampling));
        return new Sampler(logits.Length).Sample(logits, state, state.AllowedTokens);
    }

    private static EngineRequest Request(SamplingParams sampling, int[]? prompt = null) =>
        new() { Id = "r", PromptTokenIds = prompt ?? [0], Sampling = sampling with { Seed = sampling.Seed ?? 1 } };
}
