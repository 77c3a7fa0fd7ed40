using System.CommandLine;
using Samples;
using Whence;
using Whence.Benchmarks;

var device = new Option<string>("--device") { Description = "gpu, a CUDA device, or opencl", DefaultValueFactory = _ => "gpu" };
device.AcceptOnlyFromAmong("gpu", "opencl");
var networks = Several("--networks", "what is asked", [Subject.Tabular, Subject.Mnist, Subject.Genomics, Subject.LanguageModel,
    Subject.Inception]);
var questions = Several("--questions", "what it is asked", Asked.All);
var batches = new Option<int[]>("--batches")
{
    Description = "how many inputs a call is about", HelpName = "N", AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [1, 16, 256, 1024, 16384],
};
var seconds = new Option<double>("--seconds") { Description = "for each number, after its warm-up", DefaultValueFactory = _ => 0.5 };
var longest = new Option<double>("--longest")
{
    Description = "seconds of a call; a batch that would take longer, by the one before, is left out", DefaultValueFactory = _ => 20,
};
var python = new Option<string>("--python") { Description = "with PyTorch for CUDA", DefaultValueFactory = _ => "python3" };
var roofline = new Command("roofline", "Counts what the compiled programs do, and prints how long a device would take at its limits.")
{
    networks, questions, batches,
};
roofline.SetAction(words => Roofline.Print(words.GetRequiredValue(networks), words.GetRequiredValue(questions),
    words.GetRequiredValue(batches)));
var root = new RootCommand("Networks on a device beside PyTorch, where it is CUDA, and beside the CPU backend. Without a CUDA device it "
    + "says that CUDA speed is unmeasured, and prints the roofline.")
{
    device, networks, questions, batches, seconds, longest, python, roofline,
};
root.SetAction(words =>
{
    var measures = new Measures(words.GetRequiredValue(networks), words.GetRequiredValue(batches), words.GetRequiredValue(questions),
        words.GetRequiredValue(seconds), words.GetRequiredValue(longest), words.GetRequiredValue(python));
    try
    {
        using var gpu = words.GetRequiredValue(device) == "opencl" ? GpuDevice.OpenCL() : GpuDevice.Best();
        new Comparison(measures, gpu).Run();
    }
    catch (GpuException error) when (words.GetRequiredValue(device) == "gpu")
    {
        Console.WriteLine($"CUDA speed is unmeasured. {error.Message}");
        Roofline.Print(measures.Networks, measures.Questions, measures.Batches);
    }
});
return root.Run(args, error => error is GpuException);

static Option<string[]> Several(string name, string description, IReadOnlyList<string> all)
{
    var option = new Option<string[]>(name)
    {
        Description = description, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. all],
    };
    option.AcceptOnlyFromAmong([.. all]);
    return option;
}
