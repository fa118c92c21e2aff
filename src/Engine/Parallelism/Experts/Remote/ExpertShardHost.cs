using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Engine.Models.Files;
using Grid.Engine.Parallelism.Links;
using Grid.Engine.Validation;
using Grid.Primitives.Ids;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts.Remote;

/// <summary>Serves one expert shard to attention ranks in other processes, each over a link of its own.</summary>
public sealed class ExpertShardHost : IDisposable
{
    private readonly ExpertLoader _loader;
    private readonly ExpertShardWorker _shard;
    private readonly TorchSharp.torch.Device _device;
    private readonly ILogger _logger;
    private readonly HashSet<ExpertSession> _sessions = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    private ExpertShardHost(ExpertLoader loader, ExpertShardWorker shard, TorchSharp.torch.Device device, ILogger logger) =>
        (_loader, _shard, _device, _logger) = (loader, shard, device, logger);

    /// <summary>The shard, for ranks of this process.</summary>
    internal ExpertShardWorker Shard => _shard;

    /// <summary>Loads the experts that the options assign to a shard.</summary>
    /// <param name="options">
    /// The replica's options, with <see cref="EngineOptions.EnableExpertParallel"/>, and this shard's device and threads.
    /// </param>
    /// <param name="number">The number of the shard, from 0.</param>
    /// <param name="logger">Logs choices that were made.</param>
    /// <exception cref="ModelLoadException">The model has no such shard, or it cannot be loaded.</exception>
    public static ExpertShardHost Load(EngineOptions options, int number, ILogger logger)
    {
        var files = ModelFiles.Resolve(options.Model, options.Revision);
        var config = files.ReadConfig();
        EngineOptionsValidator.Validate(config, options);
        if (number < 0 || number >= options.NumExpertShards)
            throw new ModelLoadException(
                $"The number of an expert shard must be below --expert-parallel-size ({options.NumExpertShards}); got {number}.",
                ModelLoadFault.Layout);
        var loader =
            new ExpertLoader(config, options.LoadFormat == LoadFormat.Dummy ? null : () => files.OpenWeights(config), options, logger);
        var shard = loader.Start(number, ExpertPlacement.Create(config, options));
        try
        {
            shard.Loaded.GetAwaiter().GetResult();
            return new ExpertShardHost(loader, shard, RunnerDevice.Of(options.Devices.First), logger);
        }
        catch
        {
            shard.Dispose();
            loader.Dispose();
            throw;
        }
    }

    /// <summary>Answers a rank's calls until its link ends or the host is disposed. Returns at once.</summary>
    /// <param name="link">The link to the rank, which the host owns from now on.</param>
    /// <param name="epoch">The epoch of the plan; frames of another are refused.</param>
    public void Serve(Stream link, long epoch)
    {
        ExpertSession session;
        lock (_gate)
        {
            if (_disposed)
            {
                link.Dispose();
                return;
            }

            session = new ExpertSession(new FrameLink(link, epoch, "a rank"), _shard, _device, _logger);
            _sessions.Add(session);
        }

        new Thread(() =>
        {
            session.Run();
            lock (_gate) _sessions.Remove(session);
        })
        { Name = $"experts {ExpertShardId.NameOf(_shard.Number)} of a rank", IsBackground = true }.Start();
    }

    /// <summary>Ends all links and unloads the experts.</summary>
    public void Dispose()
    {
        ExpertSession[] sessions;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            sessions = [.. _sessions];
        }

        foreach (var session in sessions) session.Dispose();
        _shard.Dispose();
        _loader.Dispose();
    }
}
