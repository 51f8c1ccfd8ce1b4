using Spark.Notebooks.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

if (args is ["fake-engine", .. var engine])
    return await FakeEngine.RunAsync(engine);
if (args is ["owner", var program, .. var arguments])
    return await FakeEngine.OwnAsync(program, arguments);
if (args is ["ssh-owner", var cluster, var topology])
    return await SshOwner.RunAsync(cluster, topology);
if (args is ["two-hosts", .. var options])
    return await TwoHostsCommand.RunAsync(options.Chunk(2).ToDictionary(option => option[0], option => option[1]));
return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
