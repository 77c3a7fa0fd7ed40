using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Whence.Import;
using Whence.Import.Check;
using Whence.Pictures;

namespace Whence.Tool;

/// <summary><c>whence explain</c>: compiles a model and explains one input by every method that it is compiled for.</summary>
internal sealed class ExplainCommand
{
    private const Methods Usual = Methods.IntegratedGradients | Methods.DeepLift;

    private readonly ModelOptions model = new();

    private readonly Argument<string[]> given = new("input")
    {
        Description = "a .npy, .csv, .png, .wav or .txt file, or a text; of a model with several inputs one for each, in their order, or "
            + "INPUT=FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> target = new("--target")
    {
        Description = "the unit that is explained, such as 7, or 3,5 of an output of two axes; without it that with the highest value",
        HelpName = "UNIT",
    };

    private readonly Option<string?> minus = new("--minus")
    {
        Description = "explain by how much the target is above that unit", HelpName = "UNIT",
    };

    private readonly Option<bool> ofOutput = new("--of-output")
    {
        Description = "explain what a final softmax or sigmoid gives, not the logit below it",
    };

    private readonly Option<string?> labels =
        new("--labels") { Description = "a file with the units' names, a line each", HelpName = "FILE" };

    private readonly Option<string?> reference = new("--reference")
    {
        Description = "what the input is compared with: a number everywhere, a file of the same kind, or a token such as [MASK]; without "
            + "it "
            + "zeros, and [MASK] in a text whose vocabulary has it", HelpName = "REFERENCE",
    };

    private readonly Option<int> steps = new("--steps")
    {
        Description = "steps of integrated gradients", HelpName = "STEPS", DefaultValueFactory = _ => 50,
    };

    private readonly Option<Methods> methods = new("--methods")
    {
        Description = $"the methods, with commas: {string.Join(", ", Enum.GetNames<Methods>())}", HelpName = "METHODS",
        DefaultValueFactory = _ => Usual,
    };

    private readonly Option<string[]> layers = new("--layer")
    {
        Description = "a layer of the written class, such as Conv3, for Grad-CAM", HelpName = "LAYER",
    };

    private readonly Option<string> report = new("--out", "-o")
    {
        Description = "where the report goes", HelpName = "FILE", DefaultValueFactory = _ => "reasons.html",
    };

    private readonly Option<bool> json = new("--json") { Description = "answer as JSON, all scores included" };
    private readonly ReadingOptions reading = new();

    /// <summary>The command.</summary>
    public static Command Make(Shell shell) => new ExplainCommand().Command(shell);

    private Command Command(Shell shell)
    {
        var command = new Command("explain", "Compiles a model and says why it answers as it does about one input: a page of HTML.");
        model.AddTo(command);
        command.Add(given);
        foreach (var option in new Option[] { target, minus, ofOutput, labels, reference, steps, methods, layers, report, json })
            command.Add(option);
        reading.AddTo(command);
        steps.Validators.Add(words =>
        {
            if (words.Tokens.Count > 0 && words.GetValue(steps) < 1)
                words.AddError("--steps takes a number from 1.");
        });
        command.SetAction(words => Explain(shell, words));
        return command;
    }

    private int Explain(Shell shell, ParseResult words)
    {
        var path = model.Path(words);
        var options = model.Read(words) with { Layers = words.GetValue(layers) ?? [] };
        var (imported, compiled, notes) = Compile(shell, path, options, words.GetValue(methods));
        using (compiled)
        {
            var network = compiled.Load(imported);
            var rows = new InputRows(imported, network, words.GetRequiredValue(given), reading.Read(words));
            var question = Question.Ask(network, rows.Row, words.GetValue(target), words.GetValue(minus), words.GetValue(ofOutput),
                words.GetValue(labels));
            var row = rows.Reference(words.GetValue(reference), out var name);
            var answers = shell.While("Explaining", () => Explaining.All(network, rows.Row, question.Target, row,
                words.GetValue(steps)).ToList());
            notes = [.. notes, .. rows.Notes];
            var file = words.GetRequiredValue(report);
            Pages.Of(network, rows, question, answers, name, notes).Save(file);
            if (words.GetValue(json))
                shell.Json(Json(network, rows, question, answers, name, notes, file));
            else
                Tell(shell, question, answers, notes, file);
        }
        return Tool.Done;
    }

    /// <summary>The model, compiled for these methods; for fewer where an operator of it has no rule for some.</summary>
    private static (ImportedModel Model, CompiledModels Compiled, string[] Notes) Compile(Shell shell, string path, ImportOptions options,
        Methods methods)
    {
        (ImportedModel, CompiledModels) Try(Methods some)
        {
            var imported = Importer.Import(path, options with { Explain = Words(some) });
            return (imported, CompiledModels.Compile([imported]));
        }
        return shell.While("Compiling", () =>
        {
            try
            {
                var (imported, compiled) = Try(methods);
                return (imported, compiled, Array.Empty<string>());
            }
            catch (ImportException refused) when (refused.Findings.Any(HasNoRule) && (methods & Methods.IntegratedGradients) != 0)
            {
                var (imported, compiled) = Try(methods & Methods.IntegratedGradients);
                return (imported, compiled, [.. refused.Findings.Where(HasNoRule)
                    .Select(finding => $"Only gradients are asked: {finding}").Distinct().Take(1)]);
            }
        });
    }

    private static bool HasNoRule(Finding finding) =>
        finding.Why.Contains(" WH301:", StringComparison.Ordinal) || finding.Why.Contains(" WH302:", StringComparison.Ordinal);

    private static string Words(Methods methods) =>
        string.Join(" | ", methods.ToString().Split(", ").Select(name => $"Methods.{name}"));

    private static void Tell(Shell shell, Question question, List<Attribution> answers, string[] notes, string file)
    {
        shell.Line(question.Answer);
        foreach (var note in notes)
            shell.Line(Printable.Line(note));
        shell.Table($"Why {question.Name}", ["method", "", "sum", "change", "gap", "relative"], answers.Select(why =>
        {
            var explained = Explained.Of(why);
            return new[] { explained.Method, explained.Detail, Short(explained.Sum!.Value),
                why.ReferenceOutput is { } from ? Short(why.Output - from) : "", why.Gap is { } gap ? Shell.Number(gap) : "",
                why.RelativeGap is { } relative ? Shell.Number(relative) : "" };
        }));
        shell.Line($"The reasons are in {Path.GetFullPath(file)}.");
    }

    private static string Short(double number) => number.ToString("g4", CultureInfo.InvariantCulture);

    private static JsonObject Json(INetwork network, InputRows rows, Question question, List<Attribution> answers, string reference,
        string[] notes, string file)
    {
        var explanations = new JsonArray();
        foreach (var why in answers)
        {
            var one = JsonNode.Parse(why.ToJson())!.AsObject();
            one["reference"] = why.ReferenceOutput is null ? "" : reference;
            if (rows.Text is { } text)
                one["perToken"] = new JsonArray(
                    [.. why.PerToken(text.Name)[..text.Given.Names.Count].Select(score => JsonValue.Create(score))]);
            explanations.Add(one);
        }
        return new()
        {
            ["network"] = network.Signature.Name,
            ["input"] = rows.Title,
            ["tokens"] = rows.Text is null ? null : new JsonArray([.. rows.Text.Given.Names.Select(name => JsonValue.Create(name))]),
            ["target"] = question.Name,
            ["outputs"] = new JsonArray([.. question.Outputs.Select(value => JsonValue.Create(value))]),
            ["notes"] = new JsonArray([.. notes.Select(note => JsonValue.Create(note))]),
            ["explanations"] = explanations,
            ["report"] = Path.GetFullPath(file),
        };
    }
}
