using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Cli.Loading;
using Grid.Cli.Operators.Output;
using Grid.Engine.Planning;

namespace Grid.Cli.Plan;

/// <summary><c>grid plan MODEL</c>: how a model would be divided over devices, before any of them is touched.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "Folder with config.json, GGUF file, ORG/NAME or guide" };
        var inventory = new InventoryFlags();
        var layout = new LayoutFlags();
        var output = new OutputFlags(watchable: false);
        var verb = new Verb("plan", "Show how a model is split over devices, what each holds and how many tokens fit")
        {
            Examples =
            [
                ("grid plan ./llama-70b --gpus-per-node 4 --gpu-memory 80GiB", "one node of 4 devices"),
                ("grid plan ./llama-405b --nodes 2 --gpus-per-node 8 --gpu-memory 80GiB", "two nodes of 8"),
                ("grid plan ./llama-70b --device sim:8x48GiB --no-nvlink", "a node without NVLink"),
                ("grid plan ./llama-405b --device sim:8x80GiB --device sim:8x80GiB -tp 16",
                    "force a layout and show what is wrong with it"),
                ("grid plan guide -o json", "plan for this machine, as JSON"),
            ],
        };
        verb.Add(model);
        verb.Add(inventory.Options);
        verb.Add(layout.Options);
        verb.Add(output.Options);
        verb.SetAction(result =>
        {
            var options = layout.Read(result, EmbeddedModel.Resolve(result.GetRequiredValue(model)));
            var devices = inventory.Read(result, options.TensorParallelSize * options.PipelineParallelSize * options.DataParallelSize);
            options = options with { Device = devices.Devices.First().Id };
            var profile = ModelProfile.Read(options);
            var plan = layout.IsForced(result)
                ? ParallelismPlanner.PlanAsAsked(profile, devices, options)
                : ParallelismPlanner.Plan(profile, devices, options);
            var writer = new DocumentWriter(result.InvocationConfiguration.Output, output.Form(result));
            writer.Write(PlanDocument.Of(plan), text => PlanTable.Write(text, plan, writer.IsWide));
            return plan.Fits ? ExitCodes.Done : ExitCodes.Refused;
        });
        return verb;
    }
}
