using Grid.Abstractions;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Models;
using Grid.Abstractions.Operations;
using Grid.Cli.Operators.Access;

namespace Grid.Cli.Operators.Models;

/// <summary>Waits until a model has reached its desired state, with the progress on stderr.</summary>
internal sealed class ModelWait(OperatorCall call, string model)
{
    private string? _lastLine;

    /// <summary>Returns 0 when it is Ready (or scaled to zero as desired), 1 when it has Failed, 7 when the time is up.</summary>
    /// <param name="operation">An operation that must have ended too; null for none.</param>
    /// <param name="timeout">The time limit; null for none.</param>
    /// <param name="blocked">What to return if the operation is Blocked because it does not fit now; null to keep waiting.</param>
    public Task<int> ReadyAsync(string? operation, TimeSpan? timeout, int? blocked = null) => call.WaitAsync(
        async () =>
        {
            var status = (await call.Client.StatusAsync(call.Cancellation)).Value;
            var view = status.Models.FirstOrDefault(candidate => candidate.Name == model);
            if (view is not null) Tell(view);
            var followed = status.Operations.FirstOrDefault(candidate => candidate.Id == operation);
            if (blocked is not null && followed?.State == "Blocked") return Refuse(followed, blocked.Value);
            var running = followed?.State is nameof(OperationState.Running) or nameof(OperationState.Blocked);
            return view?.State switch
            {
                nameof(ModelState.Ready) or nameof(ModelState.ScaledToZero) when !running => ExitCodes.Done,
                nameof(ModelState.Failed) => ExitCodes.Failed,
                _ => null,
            };
        },
        timeout);

    /// <summary>Returns 0 when it is removed, 7 when the time is up.</summary>
    public Task<int> GoneAsync(TimeSpan? timeout) => call.WaitAsync(
        async () =>
        {
            var view = (await call.Client.StatusAsync(call.Cancellation)).Value.Models.FirstOrDefault(candidate => candidate.Name == model);
            if (view is not null) Tell(view);
            return view is null ? ExitCodes.Done : null;
        },
        timeout);

    private int Refuse(OperationView operation, int code)
    {
        call.Error.WriteLine($"grid: {operation.Kind} of {model} is blocked: {operation.Message ?? operation.Reason}");
        return code;
    }

    private void Tell(ModelView view)
    {
        var line =
            $"grid: model {model} {view.State}, {view.Ready} of {view.Desired} "
            + $"ready{(view.Message ?? view.Reason) switch { { Length: > 0 } why => $" ({why})", _ => "" }}";
        if (line == _lastLine) return;
        _lastLine = line;
        call.Error.WriteLine(line);
    }
}
