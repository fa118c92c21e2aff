using System.Runtime.InteropServices;
using Grid.Engine.Parallelism.Links;
using Grid.Primitives.Ids;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts.Remote;

/// <summary>
/// The shard's side of a link: passes a rank's calls and commands to the shard, and answers back. It announces the placement first of all.
/// </summary>
/// <param name="link">The link to the rank, which the session owns.</param>
/// <param name="device">Where the shard computes.</param>
/// <param name="logger">Logs why a link ended unexpectedly.</param>
internal sealed class ExpertSession(FrameLink link, ExpertShardWorker shard, Device device, ILogger logger) : IDisposable
{
    /// <summary>Serves on the calling thread until the link ends.</summary>
    public void Run()
    {
        shard.Placed += Announce;
        try
        {
            Announce(shard.Placement);
            while (true) Take(link.Receive());
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The rank or the shard has ended.
        }
        catch (Exception exception)
        {
            logger.LinkClosed(ExpertShardId.NameOf(shard.Number), exception.Message);
        }
        finally
        {
            shard.Placed -= Announce;
            link.Dispose();
        }
    }

    public void Dispose() => link.Dispose();

    private void Announce(ExpertPlacement placement) => Try(() => link.Send(FrameKind.ExpertPlacement, placement.ToBytes()));

    private void Take(FrameHeader header)
    {
        switch (header.Kind)
        {
            case FrameKind.ExpertCall:
                shard.Submit(ExpertFrames.ReadCall(link, header, device, Answer));
                break;
            case FrameKind.ExpertCommand:
                var (id, body) = ExpertFrames.Read(link, header);
                var placement = body.Length > 1 ? ExpertPlacement.FromBytes(body.AsSpan(1)) : shard.Placement;
                _ = ExecuteAsync(id, (ExpertCommand)body[0], placement);
                break;
            default:
                throw new InvalidDataException($"The frame must be a call or a command; got {header.Kind}.");
        }
    }

    private void Answer(long id, ExpertCall call)
    {
        using var output = call.Take();
        Try(() =>
        {
            if (output is not null) ExpertFrames.SendAnswer(link, id, output);
            else ExpertFrames.SendFailure(link, id, call.Failure!);
        });
    }

    private async Task ExecuteAsync(long id, ExpertCommand command, ExpertPlacement placement)
    {
        try
        {
            long[] load = [];
            switch (command)
            {
                case ExpertCommand.GetLoad:
                    load = await shard.GetLoadAsync();
                    break;
                case ExpertCommand.Prepare:
                    await shard.PrepareAsync(placement);
                    break;
                case ExpertCommand.Place:
                    await shard.PlaceAsync(placement);
                    break;
                case ExpertCommand.Trim:
                    await shard.TrimAsync();
                    break;
                default:
                    throw new InvalidDataException($"An expert shard has no command {command}.");
            }

            Try(() => ExpertFrames.Send(link, FrameKind.ExpertDone, id, MemoryMarshal.AsBytes<long>(load)));
        }
        catch (Exception exception)
        {
            Try(() => ExpertFrames.SendFailure(link, id, exception));
        }
    }

    // Called also on the shard's thread, which has other clients to serve. The reader of the link finds out that it is broken.
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
}
