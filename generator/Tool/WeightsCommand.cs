using System.CommandLine;
using Whence.Import;

namespace Whence.Tool;

/// <summary><c>whence weights</c>: the tensors of a safetensors file, and the layers that would read them.</summary>
internal static class WeightsCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Shell shell)
    {
        var file = new Argument<string>("file") { Description = "the safetensors file" };
        var json = new Option<bool>("--json") { Description = "answer as JSON" };
        var command = new Command("weights", "Lists the tensors of a safetensors file, and a layer for each module of a PyTorch "
            + "state_dict.") { file, json };
        command.SetAction(words => List(shell, words.GetRequiredValue(file), words.GetValue(json)));
        return command;
    }

    private static int List(Shell shell, string path, bool json)
    {
        var layers = StateDict.Read(path);
        if (json)
            shell.Json(layers);
        else
        {
            shell.Table(Printable.Line(Path.GetFileName(path)), ["module", "tensors", "a layer that reads them"],
                layers.Select(layer => new[]
                {
                    Printable.Line(layer.Name),
                    Printable.Line(string.Join(", ", layer.Tensors.Select(tensor => $"{tensor.Key} {Shell.Axes(tensor.Value)}"))),
                    layer.Declaration,
                }));
        }
        return Tool.Done;
    }
}
