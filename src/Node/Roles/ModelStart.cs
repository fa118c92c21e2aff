using Grid.Abstractions;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;
using Grid.Cluster.Hosting;
using Grid.Engine.Configuration;
using Grid.Node.Options;

namespace Grid.Node.Roles;

/// <summary>Deploys the one model of <c>grid serve</c> and waits until it answers.</summary>
internal static class ModelStart
{
    private const string Actor = "serve";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes the model the grid's only one.</summary>
    /// <exception cref="NodeException">It cannot be served here.</exception>
    public static async Task RunAsync(ModelSpec model, IGridConnection connection, CancellationToken cancellation)
    {
        var grid = (await connection.WaitAsync(cancellation)).GetGrain<IGridGrain>(GrainKeys.Grid);
        await PersistAsync(() => ForgetOthersAsync(grid, model.Name), cancellation);
        var deployed = await PersistAsync(() => grid.Deploy(model, Actor), cancellation);
        if (deployed.Fault is { } fault) throw new NodeException(fault.Message, ExitCodes.Failed);
        using var timer = new PeriodicTimer(Poll);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var view = (await PersistAsync(grid.GetStatus, cancellation)).Models.FirstOrDefault(view => view.Name == model.Name);
            if (view is { Ready: > 0 }) return;
            if (view?.Replicas.FirstOrDefault(replica => replica.State == nameof(ReplicaState.Failed)) is { } failed) throw Fault(failed);
        }
    }

    /// <summary>What an earlier process of this data folder served is not asked for now.</summary>
    private static async Task<bool> ForgetOthersAsync(IGridGrain grid, string name)
    {
        foreach (var model in (await grid.GetStatus()).Models)
            if (model.Name != name) await grid.Delete(model.Name, Actor);
        return true;
    }

    /// <summary>Asks again where a busy machine answered too late; the grains do nothing twice.</summary>
    private static async Task<T> PersistAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await ask().WaitAsync(cancellation);
            }
            catch (Exception fault) when (fault is TimeoutException or OrleansException)
            {
                await Task.Delay(Poll, cancellation);
            }
        }
    }

    private static NodeException Fault(ReplicaView failed)
    {
        var code = Enum.TryParse<ModelLoadFault>(failed.Reason, out var kind) ? LoadFaults.ExitCodeOf(kind) : ExitCodes.Refused;
        return new NodeException(failed.Failure ?? failed.Message ?? failed.Reason ?? "The model failed.", code);
    }
}
