using Grid.Engine.Requests;
using Grid.Engine.Scheduling;
using Grid.Engine.Serving;

namespace Grid.Engine.Tests.Serving;

public sealed class SamplingBatchBuilderTests
{
    private readonly SchedulerOutput _step = new();

    [Fact]
    public void Fill_PromptInPieces_DrawsAfterTheLast()
    {
        var request = New(new() { Seed = 1, Logprobs = 2, AllowedTokenIds = [7] });
        _step.Add(new(request, 0, 2, 0));
        SamplingBatchBuilder.Fill(_step);
        Assert.Equal(0, _step.Sampling.Draws.Length);

        _step.Reset(2);
        _step.Add(new(New(new() { Seed = 1 }), 0, 2, 0));
        _step.Add(new(request, 2, 2, 1));
        SamplingBatchBuilder.Fill(_step);
        var draw = Assert.Single(_step.Sampling.Draws.ToArray());
        Assert.Equal((1, 0, 2), (draw.Request, draw.Row, draw.NumLogprobs));
        Assert.True(draw.Mask!.Allows(7));
    }

    [Fact]
    public void Fill_PromptLogprobs_AsksForTheOnesThatAreMissing()
    {
        var request = New(new() { Seed = 1, PromptLogprobs = 3 });
        request.NumPromptLogprobs = 2;
        _step.Add(new(New(new() { Seed = 1 }), 0, 4, 1));
        _step.Add(new(request, 0, 4, 4));
        SamplingBatchBuilder.Fill(_step);

        // Row 2 stands at position 1, whose logits tell of token 2.
        Assert.Equal([(1, 2, 12, 3), (1, 3, 13, 3)],
            _step.Sampling.Scores.ToArray().Select(score => (score.Request, score.Row, score.TokenId, score.NumLogprobs)));
        Assert.Equal([(0, 0), (1, 4)], _step.Sampling.Draws.ToArray().Select(draw => (draw.Request, draw.Row)));
    }

    [Fact]
    public void Fill_NextPieceWhileTheFirstIsInFlight_AsksForItsOwn()
    {
        var request = New(new() { Seed = 1, PromptLogprobs = 0 });
        _step.Add(new(request, 0, 2, 2));
        SamplingBatchBuilder.Fill(_step);
        Assert.Equal([11, 12], _step.Sampling.Scores.ToArray().Select(score => score.TokenId));
        _step.Reset(2);
        _step.Add(new(request, 2, 2, 2));
        SamplingBatchBuilder.Fill(_step);
        Assert.Equal([13], _step.Sampling.Scores.ToArray().Select(score => score.TokenId));
    }

    private static Request New(SamplingParams sampling)
    {
        var source = new EngineRequest { Id = "r", PromptTokenIds = [10, 11, 12, 13], Sampling = sampling };
        return new(source) { Stream = new(source, 0) };
    }
}
