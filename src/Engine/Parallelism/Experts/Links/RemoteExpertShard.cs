using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Grid.Engine.Parallelism.DataPlane;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts.Links;

/// <summary>An expert shard at the other end of a link, as long as that lasts.</summary>
/// <param name="number">3 of ep3.</param>
/// <param name="name">With its node, for errors.</param>
/// <param name="link">To it; stays with whoever made it.</param>
internal sealed class RemoteExpertShard(int number, string name, FrameLink link) : IExpertShard
{
    private readonly ConcurrentDictionary<long, (ExpertCall Call, Device Device)> _calls = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<byte[]>> _commands = new();
    private readonly Lock _order = new();
    private volatile bool _ended;
    private long _latest;

    public int Number => number;

    public bool IsAlive => !_ended;

    public void Submit(ExpertCall call)
    {
        var id = Interlocked.Increment(ref _latest);
        // The end of the link must not let go of rows that are just being copied.
        lock (_order)
        {
            if (!_ended)
            {
                _calls[id] = (call, call.Input.device);
                Try(() => ExpertFrames.SendCall(link, id, call));
                return;
            }
        }

        call.Fail(Gone(null));
    }

    public async Task<long[]> GetLoadAsync() => MemoryMarshal.Cast<byte, long>(await CommandAsync(ExpertVerb.GetLoad, [])).ToArray();

    public Task PrepareAsync(ExpertPlacement placement) => CommandAsync(ExpertVerb.Prepare, placement.ToBytes());

    public Task PlaceAsync(ExpertPlacement placement) => CommandAsync(ExpertVerb.Place, placement.ToBytes());

    public Task TrimAsync() => CommandAsync(ExpertVerb.Trim, []);

    /// <summary>Takes a frame from the link.</summary>
    public void Take(in FrameHeader header)
    {
        switch (header.Kind)
        {
            case FrameKind.ExpertAnswer:
                var (id, output) = ExpertFrames.ReadAnswer(link, header);
                // An answer that nobody waits for any more belongs to an attempt that was given up.
                if (_calls.TryRemove(id, out var asked)) asked.Call.Complete(ExpertFrames.ToDevice(output, asked.Device));
                else output.Dispose();
                break;
            case FrameKind.ExpertDone:
                var done = ExpertFrames.Read(link, header);
                if (_commands.TryRemove(done.Id, out var command)) command.TrySetResult(done.Body);
                break;
            case FrameKind.ExpertFailed:
                var failed = ExpertFrames.Read(link, header);
                var failure = new InvalidOperationException($"{name}: {Encoding.UTF8.GetString(failed.Body)}");
                if (_calls.TryRemove(failed.Id, out var call)) call.Call.Fail(failure);
                else if (_commands.TryRemove(failed.Id, out command)) command.TrySetException(failure);
                break;
            default:
                throw new InvalidDataException($"A {header.Kind} frame came from an expert shard.");
        }
    }

    /// <summary>No answer will come any more.</summary>
    public void End(Exception cause)
    {
        lock (_order) _ended = true;
        foreach (var id in _calls.Keys)
            if (_calls.TryRemove(id, out var asked)) asked.Call.Fail(Gone(cause));
        foreach (var id in _commands.Keys)
            if (_commands.TryRemove(id, out var command)) command.TrySetException(Gone(cause));
    }

    private Task<byte[]> CommandAsync(ExpertVerb verb, byte[] body)
    {
        var id = Interlocked.Increment(ref _latest);
        lock (_order)
        {
            if (_ended) return Task.FromException<byte[]>(Gone(null));
            var done = _commands[id] = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            Try(() => ExpertFrames.Send(link, FrameKind.ExpertCommand, id, [(byte)verb, .. body]));
            return done.Task;
        }
    }

    // Who reads finds out that the link is broken, and ends what waits.
    private static void Try(Action send)
    {
        try
        {
            send();
        }
        catch (IOException)
        {
        }
    }

    private IOException Gone(Exception? cause) => new($"{name} is gone{(cause is null ? "" : $": {cause.Message}")}", cause);
}
