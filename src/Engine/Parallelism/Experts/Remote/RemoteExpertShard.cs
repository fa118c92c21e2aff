using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using Grid.Engine.Parallelism.Links;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts.Remote;

/// <summary>An expert shard at the other end of a link, as long as that lasts.</summary>
/// <param name="number">The number of the shard.</param>
/// <param name="name">Its name with its node, for errors.</param>
/// <param name="link">The link to it, which stays with the caller.</param>
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
        // The end of the link must not dispose rows that are being copied.
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

    public async Task<long[]> GetLoadAsync() =>
        MemoryMarshal.Cast<byte, long>(await CommandAsync(ExpertCommand.GetLoad, [])).ToArray();

    public Task PrepareAsync(ExpertPlacement placement) => CommandAsync(ExpertCommand.Prepare, placement.ToBytes());

    public Task PlaceAsync(ExpertPlacement placement) => CommandAsync(ExpertCommand.Place, placement.ToBytes());

    public Task TrimAsync() => CommandAsync(ExpertCommand.Trim, []);

    /// <summary>Processes a frame from the shard.</summary>
    public void Take(in FrameHeader header)
    {
        switch (header.Kind)
        {
            case FrameKind.ExpertAnswer:
                var (id, output) = ExpertFrames.ReadAnswer(link, header);
                // An answer without a call belongs to an attempt that was given up.
                if (_calls.TryRemove(id, out var asked)) asked.Call.Complete(ExpertFrames.ToDevice(output, asked.Device));
                else output.Dispose();
                break;
            case FrameKind.ExpertDone:
                var done = ExpertFrames.Read(link, header);
                if (_commands.TryRemove(done.Id, out var finished)) finished.TrySetResult(done.Body);
                break;
            case FrameKind.ExpertFailed:
                var failed = ExpertFrames.Read(link, header);
                var failure = new InvalidOperationException($"{name}: {Encoding.UTF8.GetString(failed.Body)}");
                if (_calls.TryRemove(failed.Id, out var call)) call.Call.Fail(failure);
                else if (_commands.TryRemove(failed.Id, out var rejected)) rejected.TrySetException(failure);
                break;
            default:
                throw new InvalidDataException($"An expert shard must not send a {header.Kind} frame.");
        }
    }

    /// <summary>Fails all calls and commands, because no answer will come any more.</summary>
    public void End(Exception cause)
    {
        lock (_order) _ended = true;
        foreach (var id in _calls.Keys)
            if (_calls.TryRemove(id, out var asked)) asked.Call.Fail(Gone(cause));
        foreach (var id in _commands.Keys)
            if (_commands.TryRemove(id, out var command)) command.TrySetException(Gone(cause));
    }

    private Task<byte[]> CommandAsync(ExpertCommand command, byte[] body)
    {
        var id = Interlocked.Increment(ref _latest);
        lock (_order)
        {
            if (_ended) return Task.FromException<byte[]>(Gone(null));
            var done = _commands[id] = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            Try(() => ExpertFrames.Send(link, FrameKind.ExpertCommand, id, [(byte)command, .. body]));
            return done.Task;
        }
    }

    // The reader finds out that the link is broken, and fails the calls.
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
