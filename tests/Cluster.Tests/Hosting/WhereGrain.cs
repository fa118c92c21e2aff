namespace Grid.Cluster.Tests.Hosting;

internal sealed class WhereGrain(ILocalSiloDetails silo, [PersistentState("count", "grid")] IPersistentState<WhereCount> state)
    : Grain, IWhereGrain
{
    public Task<string> Where() => Task.FromResult(silo.SiloAddress.ToParsableString());

    public async Task<int> Count()
    {
        state.State = new WhereCount { Value = state.State.Value + 1 };
        await state.WriteStateAsync();
        return state.State.Value;
    }
}
