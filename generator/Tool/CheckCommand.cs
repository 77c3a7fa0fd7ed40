using System.CommandLine;
using Whence.Import;
using Whence.Import.Check;

namespace Whence.Tool;

/// <summary><c>whence check</c>: compiles what would be written, runs it, and compares.</summary>
internal static class CheckCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Shell shell)
    {
        var options = new ModelOptions();
        var data = new Option<string?>("--data")
        {
            Description = "a folder with input_0.pb, ..., output_0.pb, ..., as ONNX's test data has them; without it five random inputs "
                + "are taken",
            HelpName = "FOLDER",
        };
        var runtime = new Option<string?>("--runtime")
        {
            Description = "compare with ONNX Runtime, and not with the network's own Forward in double precision: the folder of "
                + "Microsoft.ML.OnnxRuntime.dll, or of packages; without a folder, NuGet's",
            HelpName = "FOLDER", Arity = ArgumentArity.ZeroOrOne,
        };
        var weights = new Option<string?>("--weights")
        {
            Description = "a safetensors file as import writes it, to check in place of the model's own weights", HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "answer as JSON" };
        var command = new Command("check", "Imports a model in memory, compiles and runs it, and says how far it is from what it should "
            + "give, and at which node it first differs.") { data, runtime, weights, json };
        options.AddTo(command);
        command.SetAction(words => Check(shell, Importer.Import(options.Path(words), options.Read(words)), words.GetValue(data),
            words.GetResult(runtime) is null ? null : OnnxRuntime.Open(words.GetValue(runtime)), words.GetValue(weights),
            words.GetValue(json)));
        return command;
    }

    private static int Check(Shell shell, ImportedModel model, string? data, OnnxRuntime? runtime, string? weights, bool json)
    {
        using var file = weights is null ? null : Weights.Open(weights);
        var checker = new Checker(model) { Checked = file is null ? null : model.With(file), Runtime = runtime };
        using var compiled = CompiledModels.Compile([model]);
        var tensors = data is null ? null : TestTensors.Read(model, data);
        var found = tensors is null ? checker.OnRandomInputs(compiled) : checker.OnData(compiled, tensors);
        var first = found.Relative > Checker.Tolerance ? checker.FirstThatDiffers(tensors) : null;
        // What a sigmoid near 0 is off by is the other's rounding, where what is below it agrees.
        var isRounding = first is { IsRounding: true };
        var differs = found.Relative > Checker.Tolerance && !isRounding;
        var forward = weights is null ? "Forward" : "Forward with the model's own weights";
        var against = tensors is not null ? "data" : runtime is null ? forward : $"ONNX Runtime {runtime.Version}";
        if (json)
        {
            shell.Json(new
            {
                model.Name, Against = against, found.Difference, found.Scale, found.Relative, found.Gap, found.Worst, FirstNode = first,
            });
        }
        else
            Say(shell, model.Name, against, runtime is null ? forward : $"ONNX Runtime {runtime.Version}", found, first);
        return differs ? Tool.Differs : Tool.Done;
    }

    private static void Say(Shell shell, string name, string against, string judge, Comparison found, DifferingNode? first)
    {
        shell.Line($"{name} differs from {Named(against)} by {Far(found)}.");
        if (found.Gap is { } gap)
            shell.Line($"DeepLIFT's relative gap is {Shell.Number(gap)}{(gap > Checker.Tolerance ? ": its scores do not add up" : "")}.");
        if (first is not null)
        {
            shell.Line(first.IsRounding
                ? $"Only {Printable.Line(first.Node)} ({Printable.Line(first.Operator)}) differs, by rounding of values near 0: all "
                    + "below it agrees."
                : $"The first node that differs from {Named(judge)} is {Printable.Line(first.Node)} ({Printable.Line(first.Operator)}), by "
                    + $"{Far(first.Found)}.");
        }
        else if (found.Relative > Checker.Tolerance)
        {
            shell.Line($"No node by itself differs from {Named(judge)} by more than {Shell.Number(Checker.Tolerance)} of its largest value"
                + (judge.StartsWith("Forward", StringComparison.Ordinal)
                    ? ": the data is of another model, or the import is wrong, which --runtime tells." : "."));
        }
    }

    private static string Named(string other) => other switch
    {
        "data" => "the data",
        _ when other.StartsWith("Forward", StringComparison.Ordinal) => $"its {other} in double precision",
        _ => other,
    };

    private static string Far(Comparison found) => $"{Shell.Number(found.Difference)} of {Shell.Number(found.Scale)}"
        + (found.Worst is { } worst ? $", at {Printable.Line(worst.Value)} {Shell.Axes(worst.At)}" : "");
}
