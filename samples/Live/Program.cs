using System.CommandLine;
using System.Net.Sockets;
using Live;
using Microsoft.Extensions.Hosting;
using Samples;

var url = new Argument<string>("url") { Description = "where to serve", DefaultValueFactory = _ => "http://127.0.0.1:5090" };
url.Validators.Add(words =>
{
    if (!Uri.TryCreate(words.Tokens[0].Value, UriKind.Absolute, out var where) || where.Scheme != "http")
        words.AddError($"\"{words.Tokens[0].Value}\" is no URL to serve on, as http://127.0.0.1:5090 is.");
});
var root = new RootCommand("Serves a page on which networks give their answers and their reasons as you draw, type and move sliders.")
{
    url,
};
root.SetAction(async (words, stop) =>
{
    await using var service = Service.Build(words.GetRequiredValue(url));
    await service.StartAsync(stop);
    Console.WriteLine($"Open {service.Urls.First()}/ in a browser; Ctrl-C stops.");
    await service.WaitForShutdownAsync(stop);
    return 0;
});
return root.Run(args, error => error is SocketException);
