using Grid.Cli.CommandLine;
using Grid.Cli.Pull;

namespace Grid.Cli.Tests.Pull;

public sealed class HubFileSelectionTests
{
    [Fact]
    public void Choose_Safetensors_WinOverPickledWeights() => Assert.Equal(
        ["config.json", "merges.txt", "model.safetensors.index.json", "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors"],
        HubFileSelection.Choose(
            [
                "README.md", "config.json", "merges.txt", "model.safetensors.index.json", "model-00001-of-00002.safetensors",
                    "model-00002-of-00002.safetensors",
                "pytorch_model.bin", "pytorch_model.bin.index.json", "onnx/model.onnx", "original/consolidated.00.pth",
                    "consolidated.safetensors", "flax_model.msgpack",
            ],
            []));

    [Fact]
    public void Choose_PickledWeights_WhereThereAreNoOthers() => Assert.Equal(
        ["config.json", "vocab.json", "pytorch_model.bin"],
        HubFileSelection.Choose(["config.json", "vocab.json", "pytorch_model.bin", "tf_model.h5"], []));

    [Fact]
    public void Choose_ManyGgufFiles_AsksForAPattern()
    {
        string[] names = ["README.md", "m-Q4.gguf", "m-Q8.gguf"];

        Assert.Contains("--include", Assert.Throws<CommandException>(() => HubFileSelection.Choose(names, [])).Message);
        Assert.Equal(["m-Q8.gguf"], HubFileSelection.Choose(names, ["*Q8.gguf"]));
        Assert.Equal(["m-Q4.gguf"], HubFileSelection.Choose(["m-Q4.gguf"], []));
    }
}
