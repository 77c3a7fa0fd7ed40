using System.CommandLine;
using Whence.Import;
using Whence.Import.Check;

namespace Whence.Tool;

/// <summary><c>whence check</c>: compiles what would be written, runs it, and compares.</summary>
internal static class CheckCommand
{
    private const double Tolerance = 1e-4;

    /// <summary>The command.</summary>
    public static Command Make(Shell shell)
    {
        var options = new ModelOptions();
        var data = new Option<string?>("--data")
        {
            Description = "a folder with input_0.pb, ..., output_0.pb, ..., as ONNX's test data has them; without it five random inputs "
                + "compare the compiled network with its own Forward in double precision",
            HelpName = "FOLDER",
        };
        var json = new Option<bool>("--json") { Description = "answer as JSON" };
        var command = new Command("check", "Imports a model in memory, compiles and runs it, and says how far it is from what it should "
            + "give.") { data, json };
        options.AddTo(command);
        command.SetAction(words => Check(shell, options.Path(words), options.Read(words), words.GetValue(data), words.GetValue(json)));
        return command;
    }

    private static int Check(Shell shell, string path, ImportOptions options, string? data, bool json)
    {
        var model = Importer.Import(path, options);
        using var compiled = CompiledModels.Compile([model]);
        var network = compiled.Load(model);
        var found = data is null ? Checker.AgainstForward(model, network) : Checker.AgainstData(model, network, path, data);
        if (json)
            shell.Json(
                new { model.Name, Against = data is null ? "Forward" : "data", found.Difference, found.Scale, found.Relative, found.Gap });
        else
        {
            shell.Line($"{model.Name} differs from {(data is null ? "its Forward in double precision" : "the data")} by "
                + $"{Shell.Number(found.Difference)} "
                + $"of {Shell.Number(found.Scale)}.");
            if (found.Gap is { } gap)
                shell.Line($"DeepLIFT's relative gap is {Shell.Number(gap)}{(gap > Tolerance ? ": its scores do not add up" : "")}.");
        }
        return found.Relative <= Tolerance ? Tool.Done : Tool.Differs;
    }
}
