using Grid.Engine.Configuration;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Tokenization;

namespace Grid.Engine.Tests.Outputs;

public sealed class OutputStreamTests : IAsyncDisposable
{
    private readonly ScriptedEngine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task ReadAllAsync_WhatIsThereAlready_ComesInOneDelta()
    {
        Write("abc", FinishReason.Length);
        var deltas = await ReadAsync(new SamplingParams(), Token).ToListAsync(Token);
        Assert.Equal(("abc", FinishReason.Length), (Assert.Single(deltas).Text, deltas[0].FinishReason));
        Assert.Empty(_engine.Aborted);
    }

    [Fact]
    public async Task ReadAllAsync_MoreThanABurst_ComesWhole()
    {
        var text = new string('x', 1000);
        Write(text, FinishReason.Length);
        var deltas = await ReadAsync(new SamplingParams(), Token).ToListAsync(Token);
        Assert.Equal(text, string.Concat(deltas.Select(delta => delta.Text)));
    }

    [Fact]
    public async Task ReadAllAsync_AStopText_StopsTheEnginesRequest()
    {
        Write("abcdef");
        var delta = Assert.Single(await ReadAsync(new SamplingParams { Stop = ["cd"] }, Token).ToListAsync(Token));
        Assert.Equal("ab", delta.Text);
        Assert.Equal(["r-0"], _engine.Stopped);
        Assert.Empty(_engine.Aborted);
    }

    [Fact]
    public async Task ReadAllAsync_AReaderThatLeaves_AbortsTheRequest()
    {
        Write("ab");
        await foreach (var _ in ReadAsync(new SamplingParams(), Token)) break;
        Assert.Equal(["r-0"], _engine.Aborted);
    }

    [Fact]
    public async Task ReadAllAsync_ACancelledWait_AbortsTheRequest()
    {
        using var gone = new CancellationTokenSource();
        var read = ReadAsync(new SamplingParams(), gone.Token).ToListAsync(Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        Assert.Equal(["r-0"], _engine.Aborted);
    }

    [Fact]
    public async Task ReadAllAsync_AnEngineThatDies_Throws()
    {
        Write("ab");
        _engine.Writer.Complete();
        await Assert.ThrowsAsync<EngineDeadException>(async () => await ReadAsync(new SamplingParams(), Token).ToListAsync(Token));
    }

    private IAsyncEnumerable<OutputDelta> ReadAsync(SamplingParams sampling, CancellationToken cancellationToken)
    {
        var processor =
            new OutputProcessor(new ByteTokenizer(256), new EngineRequest { Id = "r-0", PromptTokenIds = [0], Sampling = sampling });
        return OutputStream.ReadAllAsync(_engine, _engine.Reader, processor, cancellationToken);
    }

    private void Write(string text, FinishReason? reason = null)
    {
        for (var i = 0; i < text.Length; i++)
            Assert.True(
                _engine.Writer.TryWrite(new EngineOutput { TokenId = text[i], FinishReason = i == text.Length - 1 ? reason : null }));
    }
}
