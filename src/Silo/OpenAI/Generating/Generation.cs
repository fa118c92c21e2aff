using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grid.Engine.Configuration;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Silo.OpenAI.Requests;

namespace Grid.Silo.OpenAI.Generating;

/// <summary>A request in the engine with all its choices. Choices that have not ended when it is disposed are aborted.</summary>
internal sealed class Generation : IDisposable
{
    private readonly ServedModel _model;
    private readonly GenerationRequest _request;
    private readonly OutputProcessor[] _processors;
    private readonly ChannelReader<EngineOutput>?[] _outputs;

    private Generation(ServedModel model, GenerationRequest request, OutputProcessor[] processors,
        ChannelReader<EngineOutput>?[] outputs) =>
        (_model, _request, _processors, _outputs) = (model, request, processors, outputs);

    /// <summary>Counts so far.</summary>
    public Usage Usage => new(
        _request.Prompts.Sum(prompt => prompt.PromptTokenIds.Length),
        _request.EchoOnly ? 0 : _processors.Sum(processor => processor.NumTokens),
        // The other choices of a prompt find what the first one computed.
        Enumerable.Range(0, _request.Prompts.Count).Sum(prompt => CachedTokens(prompt * _request.N)));

    /// <summary>Hands all choices to the engine, or none.</summary>
    public static Generation Submit(ServedModel model, GenerationRequest request)
    {
        EngineRequest[] choices = [.. request.Prompts.SelectMany(prompt => prompt.Requests)];
        // An answer that does not stream begins with the text of the replayed ids.
        OutputProcessor[] processors = [
            .. choices.Select(
            (choice, index) => new OutputProcessor(model.Tokenizer, choice, request.Stream ? request.ResumedOf(index).Bytes : 0))];
        var outputs = new ChannelReader<EngineOutput>?[choices.Length];
        int[] unfinished = [.. Enumerable.Range(0, choices.Length).Where(index => processors[index].FinishReason is null)];
        foreach (var index in unfinished)
            if (request.ResumedOf(index).Finish is { } finish)
                throw ApiException.BadField("choices",
                    $"choices[{index}] ended with '{finish}' after {request.ResumedOf(index).Tokens.Length} tokens, with which the "
                    + "request does not end.");
        if (unfinished.Length > 0)
            foreach (var (index,
                reader) in unfinished.Zip(model.Engine.Submit([.. unfinished.Select(index => choices[index])]))) outputs[index] = reader;
        return new Generation(model, request, processors, outputs);
    }

    /// <summary>Prompt tokens of a choice found in the prefix cache of this rank.</summary>
    public int CachedTokensHere(int index) => _processors[index].CachedTokens;

    /// <summary>After a choice ended with an error: whether it was the engine's end.</summary>
    /// <exception cref="EngineDeadException">It was.</exception>
    public async Task ThrowIfDeadAsync(int index)
    {
        if (_outputs[index] is { } outputs) await outputs.Completion;
    }

    /// <summary>The gains of all choices as they come.</summary>
    public IAsyncEnumerable<ChoiceDelta> ReadAllAsync(CancellationToken cancellationToken) =>
        _processors.Length == 1 ? ReadOneAsync(0, cancellationToken) : ReadManyAsync(cancellationToken);

    public void Dispose()
    {
        foreach (var processor in _processors)
            if (processor.FinishReason is null) _model.Engine.Abort(processor.RequestId);
    }

    private async IAsyncEnumerable<ChoiceDelta> ReadOneAsync(int index, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_outputs[index] is not { } outputs)
        {
            // The replayed ids complete the choice; a stream's client may have its end already.
            if (!_request.Stream || _request.ResumedOf(index).Finish is null)
                yield return new ChoiceDelta(index, _processors[index].Process([]));
            yield break;
        }

        await foreach (var delta in OutputStream.ReadAllAsync(_model.Engine, outputs, _processors[index], cancellationToken))
            yield return new ChoiceDelta(index, delta);
    }

    private async IAsyncEnumerable<ChoiceDelta> ReadManyAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var merged = Channel.CreateBounded<ChoiceDelta>(new BoundedChannelOptions(_processors.Length) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pumps = PumpAllAsync(merged.Writer, stop.Token);
        try
        {
            await foreach (var delta in merged.Reader.ReadAllAsync(cancellationToken)) yield return delta;
        }
        finally
        {
            await stop.CancelAsync();
            await pumps;
        }
    }

    private int CachedTokens(int index) => _request.ResumedOf(index).CachedTokens ?? _processors[index].CachedTokens;

    private async Task PumpAllAsync(ChannelWriter<ChoiceDelta> merged, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, _processors.Length).Select(index => PumpAsync(index, merged, cancellationToken)));
            merged.Complete();
        }
        catch (Exception exception)
        {
            merged.Complete(exception);
        }
    }

    private async Task PumpAsync(int index, ChannelWriter<ChoiceDelta> merged, CancellationToken cancellationToken)
    {
        await foreach (var delta in ReadOneAsync(index, cancellationToken)) await merged.WriteAsync(delta, cancellationToken);
    }
}
