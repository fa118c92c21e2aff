using System.Runtime.InteropServices;
using Grid.Engine.Parallelism.DataPlane;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts.Links;

/// <summary>The shard's side of a link: hands what a rank asks to the shard, and back what it answers. The rank hears of the placement first.</summary>
/// <param name="link">Passes over.</param>
/// <param name="shard">Who answers.</param>
/// <param name="device">Where it computes.</param>
/// <param name="logger">Told why a link ended, if that is strange.</param>
internal sealed class ExpertSession(FrameLink link, ExpertShardWorker shard, Device device, ILogger logger) : IDisposable
{
    /// <summary>Serves on the calling thread until the link ends.</summary>
    public void Run()
    {
        shard.Placed += Lead;
        try
        {
            Lead(shard.Placement);
            while (true) Take(link.Receive());
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The rank has gone, or the shard.
        }
        catch (Exception exception)
        {
            logger.LogWarning("A rank's link to expert shard {Shard} was ended: {Reason}", ExpertPlacement.NameOf(shard.Number), exception.Message);
        }
        finally
        {
            shard.Placed -= Lead;
            link.Dispose();
        }
    }

    public void Dispose() => link.Dispose();

    private void Lead(ExpertPlacement placement) => Try(() => link.Send(FrameKind.ExpertPlacement, placement.ToBytes()));

    private void Take(FrameHeader header)
    {
        switch (header.Kind)
        {
            case FrameKind.ExpertCall:
                shard.Submit(ExpertFrames.ReadCall(link, header, device, Answer));
                break;
            case FrameKind.ExpertCommand:
                var (id, body) = ExpertFrames.Read(link, header);
                _ = ObeyAsync(id, (ExpertVerb)body[0], body.Length > 1 ? ExpertPlacement.FromBytes(body.AsSpan(1)) : shard.Placement);
                break;
            default:
                throw new InvalidDataException($"A {header.Kind} frame came, and a call was due.");
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

    private async Task ObeyAsync(long id, ExpertVerb verb, ExpertPlacement placement)
    {
        try
        {
            long[] load = [];
            switch (verb)
            {
                case ExpertVerb.GetLoad:
                    load = await shard.GetLoadAsync();
                    break;
                case ExpertVerb.Prepare:
                    await shard.PrepareAsync(placement);
                    break;
                case ExpertVerb.Place:
                    await shard.PlaceAsync(placement);
                    break;
                case ExpertVerb.Trim:
                    await shard.TrimAsync();
                    break;
                default:
                    throw new InvalidDataException($"An expert shard cannot do {verb}.");
            }

            Try(() => ExpertFrames.Send(link, FrameKind.ExpertDone, id, MemoryMarshal.AsBytes<long>(load)));
        }
        catch (Exception exception)
        {
            Try(() => ExpertFrames.SendFailure(link, id, exception));
        }
    }

    // Called on the shard's thread too, which has others to serve: who reads this link finds out that it is broken.
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
