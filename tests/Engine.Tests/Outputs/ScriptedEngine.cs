using System.Threading.Channels;
using Grid.Engine.Requests;
using Grid.Engine.Serving;

namespace Grid.Engine.Tests.Outputs;

/// <summary>An engine whose outputs the test writes, and that remembers what was ended.</summary>
internal sealed class ScriptedEngine : IInferenceEngine
{
    private readonly Channel<EngineOutput> _outputs = Channel.CreateUnbounded<EngineOutput>();

    public EngineInfo Info { get; } = new(256, 64, 16, 4, "scripted");

    public ChannelWriter<EngineOutput> Writer => _outputs.Writer;

    public ChannelReader<EngineOutput> Reader => _outputs.Reader;

    public List<string> Aborted { get; } = [];

    public List<string> Stopped { get; } = [];

    public IReadOnlyList<ChannelReader<EngineOutput>> Submit(IReadOnlyList<EngineRequest> group) => [_outputs.Reader];

    public void Abort(string requestId) => Aborted.Add(requestId);

    public void Stop(string requestId) => Stopped.Add(requestId);

    public Task DrainAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public EngineStatus GetStatus() => new(0, 0, 0, 0, 0, 0, 0, false, null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
