using Grid.Engine.Requests;
using Grid.Engine.Sampling;

namespace Grid.Engine.Tests.Sampling;

public sealed unsafe class SamplingBatchTests
{
    private const int Vocab = 4;

    private readonly SamplingBatch _batch = new();
    private readonly SamplerOutput _output = new();

    [Fact]
    public void Sample_OneRowThatIsNoNumber_LeavesTheOthersAlone()
    {
        _batch.Add(new TokenDraw(0, 0, Greedy(), null, null));
        _batch.Add(new TokenDraw(1, 1, Greedy(), null, 1));
        _batch.Add(new PromptScore(1, 0, 2, 0));
        _batch.Add(new PromptScore(1, 1, 2, 0));
        Sample([0, float.NaN, 0, 0, 1, 2, 5, 3]);

        Assert.Equal(-1, _output.Tokens[0].TokenId);
        Assert.Contains("logits must be finite", _output.Tokens[0].Error);
        Assert.Equal((2, null), (_output.Tokens[1].TokenId, _output.Tokens[1].Error));
        Assert.Equal(2, Assert.Single(_output.Tokens[1].Logprobs!.Top).TokenId);
        Assert.NotNull(_output.Scores[0].Error);
        Assert.Equal(1, _output.Scores[1].Logprobs!.Rank);
    }

    [Fact]
    public void Sample_Mask_DrawsAllowedIdsAndKeepsRawLogprobs()
    {
        _batch.Add(new TokenDraw(0, 0, Greedy(), new TokenMask([0, 3]), -1));
        Sample([1, 2, 5, 3]);

        Assert.Equal(3, _output.Tokens[0].TokenId);
        Assert.Equal([2, 3, 1, 0], _output.Tokens[0].Logprobs!.Top.Select(top => top.TokenId));
        Assert.Equal(2, _output.Tokens[0].Logprobs!.Rank);
    }

    [Fact]
    public void Sample_MaskWithoutAnId_IsAnErrorOfThatRequest()
    {
        _batch.Add(new TokenDraw(0, 0, Greedy(), new TokenMask([-1, Vocab]), null));
        Sample([1, 2, 5, 3]);
        Assert.Contains("every logit is -infinity", _output.Tokens[0].Error);
    }

    [Fact]
    public void Sample_NextStep_ForgetsTheLast()
    {
        _batch.Add(new TokenDraw(0, 0, Greedy(), null, null));
        Sample([1, 2, 5, 3]);
        _batch.Clear();
        _batch.Add(new PromptScore(0, 0, 1, 0));
        Sample([1, 2, 5, 3]);
        Assert.Equal((0, 1), (_output.Tokens.Length, _output.Scores.Length));
    }

    private static SamplingState Greedy() =>
        new(new EngineRequest { Id = "r", PromptTokenIds = [0], Sampling = new() { Temperature = 0, Seed = 1 } });

    private void Sample(float[] logits)
    {
        fixed (float* first = logits)
            new Sampler(Vocab).Sample(new LogitRows(first, logits.Length / Vocab, Vocab), _batch, _output);
    }
}
