using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grid.Engine.Loading;
using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Silo.OpenAI.Requests;

namespace Grid.Silo.OpenAI.Generating;

/// <summary>A request at work in the engine: all its choices. Whatever has not ended when it is disposed is aborted.</summary>
internal sealed class Generation : IDisposable
{
    private readonly ServedModel _model;
    private readonly GenerationRequest _request;
    private readonly OutputProcessor[] _processors;
    private readonly IReadOnlyList<ChannelReader<EngineOutput>> _outputs;

    private Generation(ServedModel model, GenerationRequest request, OutputProcessor[] processors, IReadOnlyList<ChannelReader<EngineOutput>> outputs) =>
        (_model, _request, _processors, _outputs) = (model, request, processors, outputs);

    /// <summary>Counts so far.</summary>
    public Usage Usage => new(
        _request.Prompts.Sum(prompt => prompt.PromptTokenIds.Length),
        _request.EchoOnly ? 0 : _processors.Sum(processor => processor.NumTokens),
        // The other choices of a prompt find what the first one computed.
        _processors.Where(processor => processor.Choice == 0).Sum(processor => processor.CachedTokens));

    /// <summary>Hands all choices to the engine, or none.</summary>
    public static Generation Submit(ServedModel model, GenerationRequest request)
    {
        EngineRequest[] choices = [.. request.Prompts.SelectMany(prompt => prompt.Requests)];
        OutputProcessor[] processors = [.. choices.Select(choice => new OutputProcessor(model.Tokenizer, choice))];
        return new Generation(model, request, processors, model.Engine.Submit(choices));
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
        await foreach (var delta in OutputStream.ReadAllAsync(_model.Engine, _outputs[index], _processors[index], cancellationToken))
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
