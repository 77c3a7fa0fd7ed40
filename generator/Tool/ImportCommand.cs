using System.CommandLine;
using Whence.Import;

namespace Whence.Tool;

/// <summary><c>whence import</c>: a class and its weights from an ONNX file, or what is in it.</summary>
internal static class ImportCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Shell shell)
    {
        var options = new ModelOptions();
        var folder = new Option<string>("--out", "-o") { Description = "the folder to write "
            + "to", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "replace files that are there" };
        var list =
            new Option<bool>("--list") { Description = "write nothing; list inputs, outputs, operators, and all that is not supported" };
        var part = new Option<bool>("--part")
        {
            Description = "write a class that is only a part of others: its inputs are declared, and it is explained, where it is called",
        };
        var json = new Option<bool>("--json") { Description = "answer as JSON" };
        var command = new Command("import", "Writes a C# class and a safetensors file of an ONNX model.")
        {
            folder, force, list, part, json,
        };
        options.AddTo(command);
        command.SetAction(words => words.GetValue(list)
            ? List(shell, options.Path(words), options.Read(words), words.GetValue(json))
            : Import(shell, options.Path(words), options.Read(words) with { IsPart = words.GetValue(part) },
                words.GetRequiredValue(folder), words.GetValue(force), words.GetValue(json)));
        return command;
    }

    private static int Import(Shell shell, string path, ImportOptions options, string folder, bool force, bool json)
    {
        var model = Importer.Import(path, options);
        var written = model.Save(folder, force);
        if (json)
        {
            shell.Json(
                new { model.Name, model.Inputs, model.Outputs, Weights = model.WeightCount, model.Idioms, model.Notes, Files = written });
            return Tool.Done;
        }
        shell.Table(model.Name, ["", "name in the model", "one example"], model.Inputs.Concat(model.Outputs)
            .Select(value =>
                new[] { value.Kind == "Output" ? "gives" : $"takes [{value.Kind}]", Printable.Line(value.Name), Shell.Axes(value.Axes) }));
        foreach (var (idiom, count) in model.Idioms)
            shell.Line($"Recognised {count} x {idiom}.");
        foreach (var note in model.Notes)
            shell.Line(Printable.Line(note));
        foreach (var file in written)
            shell.Line($"Wrote {file}.");
        return Tool.Done;
    }

    private static int List(Shell shell, string path, ImportOptions options, bool json)
    {
        var survey = Importer.Survey(path, options);
        if (json)
        {
            shell.Json(survey);
            return survey.Findings.Count == 0 ? Tool.Done : Tool.Refused;
        }
        shell.Table("Inputs and outputs", ["", "name", "type", "axes"], survey.Inputs.Select(input => Row("takes", input))
            .Concat(survey.Outputs.Select(output => Row("gives", output))));
        shell.Table("Operators", ["operator", "nodes"],
            survey.Operators.OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal)
                .Select(each => new[] { Printable.Line(each.Key), $"{each.Value}" }));
        foreach (var finding in survey.Findings)
            shell.Line(finding.ToString());
        shell.Line(survey.Findings.Count switch
        {
            0 => "All of it can be imported.",
            1 => "One thing stands in the way.",
            var count => $"{count} things stand in the way.",
        });
        return survey.Findings.Count == 0 ? Tool.Done : Tool.Refused;
    }

    private static string[] Row(string role, SurveyedValue value) =>
        [role, Printable.Line(value.Name), value.Type, Printable.Line($"[{string.Join(", ", value.Axes ?? ["unknown"])}]")];
}
